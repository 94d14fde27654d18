package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs are those of a Unix shell")
class ExecTest {
    private @Nullable WebSocketServer server;
    private URI url = URI.create("");

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void each_line_of_output_is_a_message_and_the_end_is_1000() throws Exception {
        try (var ws = run("printf 'one\\ntwo\\nthree'")) {
            assertEquals(new Message.Text("one"), ws.receive());
            assertEquals(new Message.Text("two"), ws.receive());
            assertEquals(new Message.Text("three"), ws.receive());
            assertEquals(1000, end(ws).status().code());
        }
    }

    @Test
    void each_message_is_a_line_of_input() throws Exception {
        try (var ws = run("while read -r line; do echo \"<$line>\"; done")) {
            ws.send("äöü");
            assertEquals(new Message.Text("<äöü>"), ws.receive());
            ws.send("");
            assertEquals(new Message.Text("<>"), ws.receive());
        }
    }

    @Test
    void arguments_stay_apart() throws Exception {
        start(20, "printf", "%s\n", "two words", "*");
        try (var ws = connect()) {
            assertEquals(new Message.Text("two words"), ws.receive());
            assertEquals(new Message.Text("*"), ws.receive());
        }
    }

    @Test
    void the_counter_counts_to_ten() throws Exception {
        start(20, Path.of(System.getProperty("java.home"), "bin", "java").toString(), "Counter.java", "50");
        try (var ws = connect()) {
            for (int number = 1; number <= 10; number++) {
                assertEquals(new Message.Text(Integer.toString(number)), ws.receive());
            }
            assertEquals(1000, end(ws).status().code());
        }
    }

    @Test
    void an_exit_status_other_than_0_is_told_with_1011() throws Exception {
        try (var ws = run("echo bye; exit 3")) {
            assertEquals(new Message.Text("bye"), ws.receive());
            var status = end(ws).status();
            assertEquals(1011, status.code());
            assertEquals("exit status 3", status.reason());
        }
    }

    @Test
    void a_binary_message_is_refused_with_1003() throws Exception {
        try (var ws = run("cat")) {
            ws.send(ByteBuffer.allocate(1));
            assertEquals(1003, end(ws).status().code());
        }
    }

    @Test
    void the_process_ends_with_the_connection() throws Exception {
        var ws = run("echo $$; exec sleep 1000");
        var process = process(ws);
        ws.close();
        process.onExit().get(20, TimeUnit.SECONDS);
    }

    @Test
    void a_process_that_does_not_mind_is_ended_by_force_with_those_it_started() throws Exception {
        // the shells ignore the polite request, and the inner one is a descendant that would live on
        var ws = run("trap '' TERM; sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' & echo $$; wait");
        var one = process(ws);
        var other = process(ws);
        ws.abort();
        one.onExit().get(20, TimeUnit.SECONDS);
        other.onExit().get(20, TimeUnit.SECONDS);
    }

    @Test
    void a_process_that_does_not_read_its_input_ends_with_the_connection() throws Exception {
        var ws = run("echo $$; exec sleep 1000");
        var process = process(ws);
        for (int i = 0; i < 160; i++) {
            ws.send("x".repeat(1000)); // more than a pipe and the queue hold, less than makes the server stop to read
        }
        ws.abort();
        process.onExit().get(20, TimeUnit.SECONDS);
    }

    @Test
    void processes_end_with_the_server() throws Exception {
        var process = process(run("echo $$; exec sleep 1000"));
        stop();
        process.onExit().get(20, TimeUnit.SECONDS);
    }

    @Test
    void a_site_whose_name_points_here_is_refused() throws Exception {
        start(20, "cat");
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            socket.getOutputStream().write("""
                            GET / HTTP/1.1
                            Host: site.example:8080
                            Origin: http://site.example:8080
                            Upgrade: websocket
                            Connection: Upgrade
                            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                            Sec-WebSocket-Version: 13

                            """.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertEquals("HTTP/1.1 403", answer);
        }
    }

    @Test
    void one_process_too_many_is_refused_with_1013_until_another_ends() throws Exception {
        start(2, "cat");
        try (var one = connect()) {
            one.send("one");
            one.receive();
            var two = connect();
            two.send("two");
            two.receive();
            assertEquals(1013, end(connect()).status().code());
            two.close();
            WebSocket three;
            do {
                three = connect();
                three.send("three");
            } while (!answers(three));
            three.close();
        }
    }

    @Test
    void the_program_finds_the_request_in_its_environment() throws Exception {
        start(
                20,
                "sh",
                "-c",
                "echo \"$GATEWAY_INTERFACE $REQUEST_METHOD [$QUERY_STRING] $REMOTE_ADDR $HTTP_X_TEST $HTTP_PROXY\"");
        var client = WebSocketClient.builder()
                .header("X-Test", "it's; $(echo)")
                .header("Proxy", "http://evil.example")
                .build();
        try (var ws = client.connect(url.resolve("/?a=1&b=$HOME"))) {
            var inherited = System.getenv().getOrDefault("HTTP_PROXY", "");
            assertEquals(
                    new Message.Text("CGI/1.1 GET [a=1&b=$HOME] 127.0.0.1 it's; $(echo) " + inherited), ws.receive());
        }
    }

    @Test
    void the_program_runs_in_the_folder_that_is_asked_for(@TempDir Path folder) throws Exception {
        server = Exec.start(0, new Program(List.of("pwd"), folder.toRealPath(), 1));
        url = URI.create("ws://127.0.0.1:" + server.port() + "/");
        try (var ws = connect()) {
            assertEquals(new Message.Text(folder.toRealPath().toString()), ws.receive());
        }
    }

    @Test
    void what_the_program_says_on_its_standard_error_goes_to_the_log_and_not_to_the_client() throws Exception {
        try (var exec = SampleProcess.start("exec", "--port", "0", "--", "sh", "-c", "echo oops >&2; echo out")) {
            var client = SampleProcess.run("client", List.of(), "ws://127.0.0.1:" + exec.port() + "/", "--wait", "30");
            assertEquals(List.of("out"), client.out());
            assertEquals(0, client.exitCode());
            var logged = exec.error();
            while (!logged.contains("oops")) {
                logged = exec.error();
            }
            assertTrue(logged.matches(".*process \\d+: oops"), logged);
        }
    }

    @Test
    void with_sse_the_same_output_is_an_event_stream() throws Exception {
        try (var push = Exec.startPush(
                0, new Program(List.of("printf", "one\\ntwo\\n"), Path.of("").toAbsolutePath(), 2))) {
            var page = URI.create("http://127.0.0.1:" + push.port() + "/?x").toURL();
            try (var stream = page.openStream()) {
                var events = new String(stream.readAllBytes(), StandardCharsets.UTF_8).replaceAll("id:\\S+", "id");
                assertEquals(
                        "id\n\nid\ndata:one\n\nid\ndata:two\n\nevent:close\nid\ndata:code=1000&reason=\n\n", events);
            }
            try (var ws = WebSocketClient.create().connect(URI.create("ws://127.0.0.1:" + push.port() + "/"))) {
                assertEquals(new Message.Text("one"), ws.receive());
                assertEquals(new Message.Text("two"), ws.receive());
                assertEquals(1000, end(ws).status().code());
            }
        }
    }

    @Test
    void with_sse_a_site_whose_name_points_here_is_refused() throws Exception {
        try (var push = Exec.startPush(
                        0, new Program(List.of("cat"), Path.of("").toAbsolutePath(), 2));
                var socket = new Socket(InetAddress.getLoopbackAddress(), push.port())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: site.example:8080\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertEquals("HTTP/1.1 403", answer);
        }
    }

    private WebSocket run(String script) throws IOException {
        start(20, "sh", "-c", script);
        return connect();
    }

    private void start(int maxProcesses, String... command) throws IOException {
        server = Exec.start(0, new Program(List.of(command), Path.of("").toAbsolutePath(), maxProcesses));
        url = URI.create("ws://127.0.0.1:" + server.port() + "/");
    }

    private WebSocket connect() throws IOException {
        return WebSocketClient.create().connect(url);
    }

    private static ProcessHandle process(WebSocket ws) throws Exception {
        var number = ((Message.Text) ws.receive()).text();
        return ProcessHandle.of(Long.parseLong(number)).orElseThrow();
    }

    private static CloseInfo end(WebSocket ws) {
        return assertThrows(ConnectionClosedException.class, ws::receive).closeInfo();
    }

    private static boolean answers(WebSocket ws) throws Exception {
        try {
            ws.receive();
            return true;
        } catch (ConnectionClosedException e) {
            return false;
        }
    }
}
