package com.example.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ImageTest {
    private static final Path IMAGE = Path.of("target", "image");

    @Test
    void its_launcher_starts_a_server_that_a_client_of_others_talks_to() throws Exception {
        var server = new ProcessBuilder(IMAGE.resolve("bin/echo-server").toString(), "0").start();
        // which ends the reading of a pipe, as no time limit of a test does
        var watchdog =
                CompletableFuture.runAsync(() -> end(server), CompletableFuture.delayedExecutor(20, TimeUnit.SECONDS));
        try (var client = HttpClient.newHttpClient();
                var output = server.inputReader()) {
            var port = output.readLine().replace("listening on port ", "");
            var echo = new CompletableFuture<String>();
            var socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://localhost:" + port + "/echo"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                            echo.complete(text.toString());
                            from.request(1); // without which it would not see the end
                            return null;
                        }
                    })
                    .join();
            socket.sendText("hello", true);
            assertEquals("hello", echo.get(10, TimeUnit.SECONDS));
            socket.sendClose(1000, "").join();
        } finally {
            watchdog.cancel(false);
            end(server);
            server.waitFor();
        }
    }

    /** The launcher is a shell script. */
    private static void end(Process server) {
        server.descendants().forEach(ProcessHandle::destroy);
        server.destroy();
    }

    @Test
    void it_holds_two_modules_of_the_jdk_and_three_of_postern() throws Exception {
        var list = new ProcessBuilder(IMAGE.resolve("bin/java").toString(), "--list-modules").start();
        try (var output = list.inputReader()) {
            var modules =
                    output.lines().map(line -> line.replaceFirst("@.*", "")).collect(Collectors.toSet());
            assertEquals(
                    Set.of(
                            "java.base",
                            "jdk.jfr",
                            "io.github.postern.ws.core",
                            "io.github.postern.ws.connection",
                            "io.github.postern.ws.server",
                            "com.example.echo"),
                    modules);
        }
    }

    @Test
    void it_is_not_larger_than_45_megabytes() throws Exception {
        try (var files = Files.walk(IMAGE)) {
            long bytes = files.filter(Files::isRegularFile)
                    .mapToLong(ImageTest::size)
                    .sum();
            assertTrue(bytes <= 45_000_000, bytes + " bytes");
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
