package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cookies of the Java client, with the real server behind something that gives each client one, as a balancer does that is sticky. */
@Timeout(60)
class PushClientCookiesTest {
    private final LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private PushServer server;

    @BeforeEach
    void start() throws IOException {
        server = PushServer.builder().servlet("/push", new Balancer(seen)).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Keeps what cookies come, {@code -} where there are none, and gives one to those who have none of it. */
    private static final class Balancer extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient LinkedBlockingQueue<String> seen;
        private final PushServlet push = new PushServlet(session -> {
            for (var message : session) {
                session.send(message);
            }
        });

        Balancer(LinkedBlockingQueue<String> seen) {
            this.seen = seen;
        }

        @Override
        public void init(ServletConfig config) throws ServletException {
            super.init(config);
            push.init(config);
        }

        @Override
        public void destroy() {
            push.destroy();
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            var cookie = request.getHeader("Cookie");
            seen.add(cookie == null ? "-" : cookie);
            if (cookie == null || !cookie.contains("server=")) {
                response.addHeader("Set-Cookie", "server=a; Path=/; HttpOnly");
            }
            push.service(request, response);
        }
    }

    private PushClient.Builder client(PushTransport transport) {
        return PushClient.builder(URI.create("http://localhost:" + server.port() + "/push"))
                .memory(new TransportMemory())
                .options(PushClientTest.options())
                .transport(transport);
    }

    private static void echo(PushSession push, String text) throws Exception {
        push.send(text);
        assertEquals(new Message.Text(text), push.receive());
    }

    @Test
    void a_session_returns_the_cookies_of_its_server_over_every_transport() throws Exception {
        try (var push = client(PushTransport.WEBSOCKET).connect()) {
            echo(push, "1");
            push.moveTo(PushTransport.SSE);
            echo(push, "2");
            push.moveTo(PushTransport.LONG_POLLING);
            echo(push, "3");
            push.moveTo(PushTransport.WEBSOCKET);
            echo(push, "4");
        }
        assertEquals("-", seen.poll());
        assertTrue(seen.size() >= 5, seen.toString()); // three attaches and two POSTs
        assertTrue(seen.stream().allMatch("server=a"::equals), seen.toString());
    }

    @ParameterizedTest
    @EnumSource
    void another_session_begins_without_them(PushTransport transport) throws Exception {
        var builder = client(transport);
        try (var one = builder.connect()) {
            echo(one, "1");
        }
        seen.clear();
        try (var other = builder.connect()) {
            echo(other, "2");
        }
        assertEquals("-", seen.poll());
    }

    @ParameterizedTest
    @EnumSource
    void sessions_share_those_of_a_handler_and_send_their_own_header_as_well(PushTransport transport) throws Exception {
        var builder = client(transport).header("Cookie", "own=1").cookieHandler(new CookieManager());
        try (var one = builder.connect()) {
            echo(one, "1");
        }
        assertEquals("own=1", seen.poll());
        seen.clear();
        try (var other = builder.connect()) {
            echo(other, "2");
        }
        for (var cookies : seen) {
            assertEquals(Set.of("own=1", "server=a"), Set.of(cookies.split("; ?")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_may_accept_none(PushTransport transport) throws Exception {
        var none = new CookieManager(null, CookiePolicy.ACCEPT_NONE);
        try (var push = client(transport).cookieHandler(none).connect()) {
            echo(push, "1");
        }
        assertTrue(seen.stream().allMatch("-"::equals), seen.toString());
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_fails_is_an_error_of_the_network(PushTransport transport) {
        var failing = new CookieHandler() {
            @Override
            public Map<String, List<String>> get(URI uri, Map<String, List<String>> request) {
                throw new IllegalStateException("a fault of the application");
            }

            @Override
            public void put(URI uri, Map<String, List<String>> response) {}
        };
        var builder = client(transport).cookieHandler(failing);
        var thrown = assertThrows(IOException.class, builder::connect);
        assertInstanceOf(IllegalStateException.class, root(thrown));
        assertNull(seen.poll());
    }

    private static @Nullable Throwable root(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
