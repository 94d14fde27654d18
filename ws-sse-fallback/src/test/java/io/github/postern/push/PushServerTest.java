package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.ReadyState;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PushServerTest {
    private static final class Greeting extends HttpServlet {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getParameter("fail") != null) {
                throw new IllegalStateException("a secret of the application");
            }
            response.getWriter().print("hello");
        }
    }

    private static void echo(Connection connection) throws IOException {
        for (var message : connection) {
            connection.send(message);
        }
    }

    private static HttpResponse<String> get(HttpClient http, PushServer server, String path)
            throws IOException, InterruptedException {
        var url = URI.create("http://localhost:" + server.port() + path);
        return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void serves_endpoints_servlets_and_files_on_one_port(@TempDir Path files) throws Exception {
        Files.writeString(files.resolve("index.html"), "<p>page</p>");
        try (var server = PushServer.builder()
                        .host("localhost")
                        .path("/push", PushServerTest::echo)
                        .path("/other", s -> s.send("other"), PushOptions.defaults())
                        .servlet("/hello", new Greeting())
                        .resources(files)
                        .start();
                var http = HttpClient.newHttpClient();
                var client = new TestClient(server.port())) {
            assertEquals("<p>page</p>", get(http, server, "/index.html").body());
            assertEquals("hello", get(http, server, "/hello").body());
            assertEquals(404, get(http, server, "/nothing").statusCode());
            assertEquals(400, get(http, server, "/../secret").statusCode());
            assertEquals(1, client.open(PushTransport.POLLING).epoch);
            assertEquals(1, server.sessions().size());
            server.shutdown(Duration.ZERO, Duration.ZERO); // nobody polls any more who could be told
        }
    }

    @Test
    void an_exception_of_a_servlet_does_not_reach_the_peer() throws Exception {
        try (var server = PushServer.builder().servlet("/hello", new Greeting()).start();
                var http = HttpClient.newHttpClient()) {
            var response = get(http, server, "/hello?fail=1");
            assertEquals(500, response.statusCode());
            assertEquals("500 Server Error\n", response.body());
        }
    }

    @Test
    void says_which_port_is_taken() throws Exception {
        try (var first =
                PushServer.builder().path("/push", PushServerTest::echo).start()) {
            var second = PushServer.builder().port(first.port()).path("/push", PushServerTest::echo);
            var e = assertThrows(IOException.class, second::start);
            var message = e.getMessage();
            assertNotNull(message);
            assertTrue(message.startsWith("cannot listen on port " + first.port()), message);
        }
    }

    @Test
    void nobody_is_moved_any_more_once_it_has_stopped() throws Exception {
        var server = PushServer.builder().path("/push", PushServerTest::echo).start();
        server.close();
        server.move(Duration.ZERO);
        assertTrue(server.sessions().isEmpty());
    }

    @Test
    void a_path_is_for_one_endpoint_or_servlet() {
        var builder = PushServer.builder()
                .path("/push", PushServerTest::echo)
                .servlet("/hello", new Greeting())
                .health("/health");
        for (var taken : List.of("/push", "/hello", "/health", "/postern/postern.js", "/postern/postern.global.js")) {
            assertThrows(IllegalArgumentException.class, () -> builder.path(taken, PushServerTest::echo), taken);
            assertThrows(IllegalArgumentException.class, () -> builder.servlet(taken, new Greeting()), taken);
            assertThrows(IllegalArgumentException.class, () -> builder.health(taken), taken);
        }
    }

    @Test
    void refuses_a_grace_out_of_range() throws Exception {
        try (var server =
                PushServer.builder().path("/push", PushServerTest::echo).start()) {
            for (var bad : List.of(Duration.ofNanos(-1), Duration.ofDays(365).plusNanos(1))) {
                assertThrows(IllegalArgumentException.class, () -> server.shutdown(Duration.ZERO, bad));
            }
            server.shutdown(Duration.ZERO, Duration.ofDays(365)); // nobody has to be waited for
        }
    }

    @Test
    void refuses_paths_that_are_none() {
        var builder = PushServer.builder().path("/push", PushServerTest::echo);
        assertThrows(IllegalArgumentException.class, () -> builder.path("/push", PushServerTest::echo));
        assertThrows(IllegalArgumentException.class, () -> builder.path("push", PushServerTest::echo));
        assertThrows(IllegalArgumentException.class, () -> builder.path("/push/*", PushServerTest::echo));
        assertThrows(IllegalArgumentException.class, () -> builder.port(65_536));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/*", "*", "**", "*x", "/a/*b", "/a*", "/a/**", "/*.x", "*.x*", "*.a/b"})
    void refuses_url_patterns_that_are_none(String bad) {
        var builder = PushServer.builder();
        var e = assertThrows(IllegalArgumentException.class, () -> builder.servlet(bad, new Greeting()));
        assertEquals("not a URL pattern: " + bad, e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/*", "/a/*", "/a", "/a.b", "*.x", "*.tar.gz"})
    void starts_with_every_kind_of_url_pattern(String good) throws Exception {
        try (var server = PushServer.builder().servlet(good, new Greeting()).start()) {
            assertTrue(server.port() > 0);
        }
    }

    @Test
    void refuses_directories_that_are_none(@TempDir Path folder) throws Exception {
        var builder = PushServer.builder();
        var file = Files.writeString(folder.resolve("page.html"), "<p>page</p>");
        for (var bad : List.of(folder.resolve("missing"), file)) {
            var e = assertThrows(IllegalArgumentException.class, () -> builder.resources(bad));
            assertEquals("not a directory: " + bad, e.getMessage());
        }
        for (var bad : List.of(folder.toUri() + "missing/", folder.toUri() + "page.html", "http://localhost/pages/")) {
            var url = URL.of(URI.create(bad), null);
            var e = assertThrows(IllegalArgumentException.class, () -> builder.resources(url), bad);
            assertEquals("not a directory: " + url, e.getMessage());
        }
        builder.resources(folder).resources(folder.toUri().toURL());
    }

    @Test
    void an_exception_of_a_handler_closes_with_1011_and_says_no_more() throws Exception {
        try (var server = PushServer.builder()
                        .path("/push", s -> {
                            throw new IllegalStateException("a secret of the application");
                        })
                        .start();
                var client = new TestClient(server.port());
                var stream = client.get("Postern-Epoch", "1")) {
            assertEquals("attached", stream.next().event());
            assertEquals(new StreamRecord("close", "1", "code=1011&reason=&received=0"), stream.next());
        }
    }

    @Test
    void tells_every_attached_client_when_it_stops_and_leaves_nothing_behind() throws Exception {
        var before = threads();
        var ended = new LinkedBlockingQueue<Integer>();
        try (var server = PushServer.builder()
                        .path("/push", session -> {
                            session.forEach(message -> {});
                            ended.add(session.closeInfo().orElseThrow().status().code());
                        })
                        .start();
                var client = new TestClient(server.port())) {
            var sse = client.open(PushTransport.SSE);
            var longPoll = client.open(PushTransport.LONG_POLLING);
            var hanging = new LinkedBlockingQueue<Object>();
            var poller = Thread.ofVirtual().start(() -> {
                try {
                    hanging.add(longPoll.poll(PushTransport.LONG_POLLING, 0).next());
                } catch (IOException | InterruptedException e) {
                    hanging.add(e);
                }
            });
            HttpTransportsTest.await(
                    () -> server.sessions().stream().allMatch(session -> ((ApplicationSession) session).isAttached()));
            var socket = TestWebSocket.open(client.http(), server.port(), "postern.v1");
            socket.control("event:attach\ndata:epoch=1\n\n");
            socket.nextControl("attached");
            var bare = TestWebSocket.open(client.http(), server.port(), "");
            HttpTransportsTest.await(() -> server.sessions().size() == 4);
            var stopper = Thread.ofVirtual().start(server::close);
            var close = new StreamRecord("close", "1", "code=1001&reason=&received=0");
            assertEquals(close, sse.stream.next());
            assertEquals(close, hanging.take());
            assertEquals(1, socket.nextControl("close").number());
            socket.control("event:ack\nid:1\n\n");
            assertEquals(1001, socket.nextOfKind(TestWebSocket.Closed.class).code());
            assertEquals(1001, bare.nextOfKind(TestWebSocket.Closed.class).code());
            stopper.join();
            poller.join();
            for (int i = 0; i < 4; i++) {
                assertEquals(1001, ended.take());
            }
            assertTrue(server.sessions().isEmpty());
        }
        HttpTransportsTest.await(() -> before.containsAll(threads()));
    }

    @Test
    void tells_clients_between_two_polls_when_it_stops() throws Exception {
        try (var server = PushServer.builder()
                        .path("/push", session -> session.forEach(message -> {}))
                        .start();
                var client = new TestClient(server.port())) {
            var polling = client.open(PushTransport.POLLING);
            var longPolling = client.open(PushTransport.LONG_POLLING);
            var pushed = server.sessions();
            var stopper = Thread.ofVirtual().start(server::close);
            HttpTransportsTest.await(
                    () -> pushed.stream().allMatch(session -> session.readyState() != ReadyState.OPEN));
            var close = new StreamRecord("close", "1", "code=1001&reason=&received=0");
            assertEquals(close, polling.poll(PushTransport.POLLING, 0).next());
            assertEquals(close, longPolling.poll(PushTransport.LONG_POLLING, 0).next());
            stopper.join();
        }
    }

    /** The platform threads that are ours or Jetty's. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("postern-push"))
                .collect(Collectors.toSet());
    }

    @Test
    void interrupts_a_handler_that_does_not_return() throws Exception {
        var interrupted = new LinkedBlockingQueue<Boolean>();
        var server = PushServer.builder()
                .path("/push", session -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.add(true);
                    }
                })
                .start();
        try (var client = new TestClient(server.port())) {
            assertEquals(1, client.open(PushTransport.POLLING).epoch);
            server.shutdown(Duration.ZERO, Duration.ofMillis(50));
            assertTrue(interrupted.take());
        }
        server.close();
        assertFalse(server.sessions().iterator().hasNext());
    }
}
