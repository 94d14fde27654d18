package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushServer;
import io.github.postern.samples.SampleProcess.Outcome;
import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.server.UpgradeDecision;
import io.github.postern.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class ClientTest {
    private WebSocketServer server;

    @BeforeEach
    void start() throws IOException {
        server = WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .path("/echo", ClientTest::echo)
                .path(
                        "/headers",
                        ws -> ws.send(ws.request().headers().first("X-Test").orElse("none")))
                .path("/protocol", ws -> ws.send(ws.protocol()), "a", "b")
                .path("/bye", ws -> ws.close(CloseStatus.of(4321, "not today")))
                .path("/gone", Connection::abort)
                .path("/escape", ws -> ws.send("red \u001b[31m\u202e\nline\ttab"))
                .path("/secret", ws -> {})
                .upgradePolicy(request -> request.path().equals("/secret")
                        ? UpgradeDecision.reject(401, "who are you?").withHeader("WWW-Authenticate", "Bearer")
                        : UpgradeDecision.accept())
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void echo(Connection connection) throws IOException {
        for (var message : connection) {
            connection.send(message);
        }
    }

    private String url(String path) {
        return "ws://localhost:" + server.port() + path;
    }

    /** Runs the client to the end of its connection. */
    private Outcome run(List<String> input, String path, String... options) throws Exception {
        return SampleProcess.run("client", input, with(url(path), with("--wait", with("30", options))));
    }

    /** Runs the client until it has printed so many messages. */
    private static Outcome converse(List<String> input, int messages, String url, String... options) throws Exception {
        return SampleProcess.converse("client", input, messages, with(url, with("--wait", with("0", options))));
    }

    private static String[] with(String first, String... others) {
        return Stream.concat(Stream.of(first), Stream.of(others)).toArray(String[]::new);
    }

    @Test
    void lines_are_sent_and_messages_printed() throws Exception {
        var input = List.of("hällo", "", "//slash", "/binary 48 65 ff");
        var outcome = SampleProcess.run("client", input, url("/echo"));
        assertEquals(List.of("hällo", "", "/slash", "48 65 ff"), outcome.out());
        assertEquals(List.of("open", "closed 1000 by local"), outcome.err());
        assertEquals(0, outcome.exitCode());
    }

    @Test
    void frames_and_handshake_are_shown_if_asked_for() throws Exception {
        var outcome = converse(List.of("hi"), 1, url("/echo"), "--frames");
        assertEquals(List.of("hi"), outcome.out());
        var err = String.join("\n", outcome.err());
        assertTrue(err.contains("> GET /echo HTTP/1.1\n> Host: localhost:" + server.port() + "\n"), err);
        assertTrue(err.contains("< HTTP/1.1 101 Switching Protocols\n"), err);
        assertTrue(err.matches("(?s).*> 81 82( [0-9a-f]{2}){4}  TEXT, fin, masked, 2 bytes  \"hi\"\n.*"), err);
        assertTrue(err.contains("< 81 02  TEXT, fin, 2 bytes  \"hi\"\n"), err);
        assertTrue(err.contains("< 88 02  CLOSE, fin, 2 bytes  1000\n"), err);
    }

    @Test
    void frames_are_those_inside_of_tls(@TempDir Path folder) throws Exception {
        try (var secure = WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .tls(certificateOfAnotherHost(folder))
                .path("/", ClientTest::echo)
                .start()) {
            var url = "wss://localhost:" + secure.port() + "/";
            var refused = SampleProcess.run("client", List.of("hi"), url);
            assertEquals(1, refused.exitCode(), refused.toString());
            assertEquals(List.of(), refused.out());
            var outcome = converse(List.of("hi"), 1, url, "--insecure", "--frames");
            assertEquals(List.of("hi"), outcome.out(), outcome.toString());
            assertTrue(outcome.err().contains("< 81 02  TEXT, fin, 2 bytes  \"hi\""), outcome.toString());
        }
    }

    private static SSLContext certificateOfAnotherHost(Path folder) throws Exception {
        var file = folder.resolve("identity.p12");
        var password = "changeit";
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=elsewhere.example",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        password)
                .inheritIO()
                .start();
        assertEquals(0, keytool.waitFor());
        var store = KeyStore.getInstance(file.toFile(), password.toCharArray());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void a_ping_is_answered_and_timed() throws Exception {
        var outcome = converse(List.of("/ping there", "after"), 1, url("/echo"));
        assertTrue(outcome.err().get(1).matches("pong \"there\" after \\d+\\.\\d ms"), outcome.toString());
    }

    @Test
    void headers_and_subprotocols_go_into_the_handshake() throws Exception {
        assertEquals(
                List.of("it works"),
                run(List.of(), "/headers", "--header", "X-Test: it works").out());
        var outcome = run(List.of(), "/protocol", "--subprotocol", "x", "--subprotocol", "b");
        assertEquals(List.of("b"), outcome.out());
        assertEquals("open, subprotocol b", outcome.err().getFirst());
    }

    @Test
    void the_user_closes_with_any_code() throws Exception {
        var outcome = run(List.of("/close 3001 good bye", "never sent"), "/echo");
        assertEquals(
                List.of("open", "closed 3001 by local"),
                outcome.err().stream()
                        .map(line -> line.replace(" good bye", ""))
                        .toList());
        assertEquals(0, outcome.exitCode());
    }

    @Test
    void a_close_of_the_server_with_another_code_is_exit_code_3() throws Exception {
        var outcome = run(List.of(), "/bye");
        assertTrue(outcome.err().getLast().startsWith("closed 4321"), outcome.toString());
        assertTrue(outcome.err().getLast().contains("not today"), outcome.toString());
        assertEquals(3, outcome.exitCode());
    }

    @Test
    void a_connection_that_is_lost_is_exit_code_1() throws Exception {
        var outcome = run(List.of(), "/gone");
        assertTrue(outcome.err().getLast().startsWith("lost 1006 by network"), outcome.toString());
        assertEquals(1, outcome.exitCode());
    }

    @Test
    void a_refusal_is_shown_with_its_headers_and_body() throws Exception {
        var outcome = run(List.of(), "/secret");
        assertEquals("no WebSocket: status is not 101: 401", outcome.err().getFirst());
        assertTrue(outcome.err().contains("  WWW-Authenticate: Bearer"), outcome.toString());
        assertTrue(outcome.err().contains("  who are you?"), outcome.toString());
        assertEquals(1, outcome.exitCode());
    }

    @Test
    void a_server_cannot_play_with_the_terminal() throws Exception {
        assertEquals(
                List.of("red \\u001b[31m\\u202e", "line\ttab"),
                run(List.of(), "/escape").out());
    }

    @Test
    void what_is_typed_wrong_is_told_and_the_conversation_goes_on() throws Exception {
        var input = List.of("/binary 4", "/close 1006", "/close x", "/move sse", "/what", "still here");
        var outcome = converse(input, 1, url("/echo"));
        assertEquals(List.of("still here"), outcome.out());
        var err = String.join("\n", outcome.err());
        for (var command : List.of("/binary: ", "/close: ", "/move: only a push session can move", "/ping [TEXT] ")) {
            assertTrue(err.contains(command), err);
        }
    }

    @Test
    void a_push_endpoint_is_talked_to_over_any_transport() throws Exception {
        try (var push = PushServer.builder()
                .host("localhost")
                .path("/push", ClientTest::echo)
                .start()) {
            var url = "http://localhost:" + push.port() + "/push";
            for (var transport : List.of("websocket", "sse", "long-polling", "polling")) {
                var outcome = converse(List.of("one", "two"), 2, url, "--transport", transport);
                assertEquals(List.of("one", "two"), outcome.out(), outcome.toString());
                assertTrue(outcome.err().getFirst().startsWith("open over " + transport + ", session "));
                assertEquals(0, outcome.exitCode(), outcome.toString());
            }
            var moved = converse(List.of("one", "/move sse", "two"), 2, url);
            assertEquals(List.of("one", "two"), moved.out(), moved.toString());
            assertTrue(moved.err().contains("moved from websocket to sse"), moved.toString());
        }
    }

    @Test
    void wrong_arguments_are_a_sentence_and_exit_code_2() throws Exception {
        for (var arguments : List.of(
                List.of("ftp://localhost/"),
                List.of("http://localhost/push", "--frames"),
                List.of("ws://localhost/", "--transport", "sse"),
                List.of("http://localhost/", "--transport", "pigeon"),
                List.of("ws://localhost/", "--header", "no colon"),
                List.of("ws://localhost/", "--header", "Sec-WebSocket-Key: mine"))) {
            var outcome = SampleProcess.run("client", List.of(), arguments.toArray(String[]::new));
            assertEquals(2, outcome.exitCode(), outcome.toString());
            assertEquals(1, outcome.err().size(), outcome.toString());
        }
    }
}
