package com.example.news;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.Message;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program on a module path, as its users start it. */
@Timeout(30)
class NewsTest {
    private static Process program;
    private static URI site;

    @BeforeAll
    static void start() throws Exception {
        program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--module-path",
                        "target/classes" + File.pathSeparator + runtimePath(),
                        "--module",
                        "com.example.news/com.example.news.News",
                        "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // which ends the reading of a pipe, as no time limit of a test does
        var watchdog = CompletableFuture.runAsync(
                program::destroyForcibly, CompletableFuture.delayedExecutor(20, TimeUnit.SECONDS));
        var line = program.inputReader().readLine();
        watchdog.cancel(false);
        assertNotNull(line, "it says nothing");
        site = URI.create("http://localhost:" + line.replace("listening on port ", "") + "/");
    }

    @AfterAll
    static void stop() throws Exception {
        if (program != null) {
            program.destroyForcibly();
            program.waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_one_says_over_any_transport_another_hears(PushTransport transport) throws Exception {
        var push = site.resolve("/push");
        try (var speaker = PushClient.builder(push).transport(transport).connect()) {
            speaker.send(transport + " works");
            try (var late = PushClient.builder(push).transport(transport).connect()) {
                var expected = new Message.Text(transport + " works");
                while (!speaker.receive().equals(expected)) {
                    // what was said before
                }
                while (!late.receive().equals(expected)) {
                    // as well
                }
                assertEquals(transport, late.transport());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void the_page_and_its_script_are_served(HttpClient.Version version) throws Exception {
        try (var client = HttpClient.newBuilder().version(version).build()) {
            var page = client.send(HttpRequest.newBuilder(site).build(), BodyHandlers.ofString());
            assertEquals(version, page.version());
            assertTrue(page.body().contains("<title>News</title>"), page.body());
            var script =
                    HttpRequest.newBuilder(site.resolve("/postern/postern.js")).build();
            assertTrue(client.send(script, BodyHandlers.ofString()).body().contains("class PushSocket"));
        }
    }

    @Test
    void brings_the_client_the_servlet_api_and_jetty_and_nothing_else() throws Exception {
        var jars = Stream.of(runtimePath().split(File.pathSeparator))
                .map(jar -> Path.of(jar).getFileName().toString().replaceFirst("-\\d.*", ""))
                .filter(name -> !name.startsWith("jetty-"))
                .collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        "ws-sse-fallback",
                        "ws-client",
                        "ws-connection",
                        "ws-core",
                        "jakarta.servlet-api",
                        "slf4j-api",
                        "slf4j-simple"),
                jars);
    }

    private static String runtimePath() throws Exception {
        return Files.readString(Path.of("target", "runtime-path")).strip();
    }
}
