package io.github.postern.verify.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolSuiteTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private int run(String... arguments) throws InterruptedException {
        return ProtocolSuite.run(List.of(arguments), new PrintStream(output, true, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ws://localhost/push", "http://localhost", "http://[/push", "http:push"})
    void wrong_arguments_end_with_2(String argument) throws Exception {
        assertEquals(2, run(argument));
    }

    /** A server that answers everything alike is no push server. */
    @Test
    void a_server_that_fails_ends_with_1_and_is_told_why() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        try {
            assertEquals(1, run("http://127.0.0.1:" + server.getAddress().getPort() + "/push"));
        } finally {
            server.stop(0);
        }
        var text = output.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("expected the status 405; observed 404"), text);
        assertTrue(text.lines().noneMatch(line -> line.startsWith("PASSED")), text);
    }
}
