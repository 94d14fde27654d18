package io.github.postern.verify.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.server.WebSocketServer;
import jakarta.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MainTest {
    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) throws InterruptedException {
        return Main.run(arguments, new PrintWriter(output, true), new PrintWriter(errors, true));
    }

    private static WebSocketServer echo() throws Exception {
        return WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .path("/", ws -> {
                    for (var message : ws) {
                        ws.send(message);
                    }
                })
                .path("/mute", ws -> ws.forEach(message -> {}))
                .start();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "neither",
                "server",
                "server http://localhost/",
                "server ws://localhost/ --only [",
                "server ws://localhost/ --only nothing",
                "server ws://localhost/ --timeout 1",
                "client --port 70000"
            })
    void wrong_arguments_end_with_2(String arguments) throws Exception {
        assertEquals(2, run(arguments.isEmpty() ? new String[0] : arguments.split(" ")));
        assertTrue(errors.toString().startsWith("conformance: "), errors::toString);
    }

    @Test
    void cases_are_listed() throws Exception {
        assertEquals(0, run("client", "--list", "--only", "5\\.2-opcode-3"));
        assertTrue(output.toString().startsWith("5.2-opcode-3 "), output::toString);
    }

    @Test
    void a_server_that_passes_ends_with_0(@TempDir Path folder) throws Exception {
        var json = folder.resolve("report.json");
        try (var server = echo()) {
            var url = "ws://localhost:" + server.port() + "/";
            assertEquals(0, run("server", url, "--only", "5\\.6-text-.*", "--json", json.toString()));
        }
        try (var reader = Json.createReader(Files.newBufferedReader(json))) {
            var report = reader.readObject();
            assertEquals(7, report.getInt("passed"));
            var first = report.getJsonArray("cases").getJsonObject(0);
            assertEquals("5.6-text-0", first.getString("id"));
            assertEquals("passed", first.getString("verdict"));
        }
    }

    @Test
    void a_server_that_fails_ends_with_1_and_is_told_why() throws Exception {
        try (var server = echo()) {
            var url = "ws://localhost:" + server.port() + "/mute";
            assertEquals(1, run("server", url, "--only", "5\\.6-text-125|5\\.5\\.2-ping-0", "--timeout", "200"));
        }
        assertTrue(output.toString().contains("failed: 5.6-text-125 (RFC 6455 §5.6)"), output::toString);
        assertTrue(output.toString().contains("observed  nothing came, and TCP stayed open"), output::toString);
        assertTrue(Pattern.compile("(?m)^passed +1$").matcher(output.toString()).find(), output::toString);
    }

    @Test
    void a_client_that_does_not_come_has_failed() throws Exception {
        try (var printed = new PipedReader();
                var printing = new PrintWriter(new PipedWriter(printed), true);
                var lines = new BufferedReader(printed)) {
            String[] arguments = {"client", "--port", "0", "--only", "5\\.2-opcode-3"};
            var code = new FutureTask<>(() -> Main.run(arguments, printing, new PrintWriter(errors, true)));
            Thread.ofVirtual().start(code);
            var base = lines.readLine().replaceAll(".* at |/getCaseCount", "");
            WebSocketClient.create()
                    .connect(URI.create(base + "/updateReports?agent=none"))
                    .close();
            assertEquals(1, code.get());
            var last = Stream.generate(() -> line(lines))
                    .dropWhile(line -> !line.startsWith("  expected"))
                    .findFirst();
            assertEquals("  expected  a connection to /runCase?case=1", last.orElseThrow());
        }
    }

    private static String line(BufferedReader lines) {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
