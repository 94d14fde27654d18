package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client behind an HTTP proxy, which alone knows where {@code origin.test} is. */
@Timeout(30)
class HttpProxyTest {
    private static final int HEAD_LIMIT = 16 * 1024;
    private static final String OK = "HTTP/1.1 200 OK\r\n\r\n";

    private static URI origin(String scheme) {
        return URI.create(scheme + "://origin.test/");
    }

    private static ProxyServer at(Peer proxy) {
        return ProxyServer.http("proxy.test", proxy.port());
    }

    private static WebSocketClient.Builder through(ProxyServer proxy) {
        return WebSocketClient.builder().proxy(proxy).resolver(HttpProxyTest::onlyTheProxy);
    }

    private static List<InetAddress> onlyTheProxy(String host) throws UnknownHostException {
        assertEquals("proxy.test", host, "name that was looked up");
        return List.of(Loopback.FIRST);
    }

    /** A proxy that opens tunnels to the origin, to whom a request head pleases; others get the answer. */
    private static Peer proxy(Peer origin, String token, String otherwise) throws IOException {
        return new Peer(visit -> {
            if (visit.head().contains(token)) {
                visit.write(OK);
                Relay.run(visit, origin);
            } else {
                visit.write(otherwise);
            }
        });
    }

    private static ProxyException refusal(WebSocketClient client) {
        return assertThrows(ProxyException.class, () -> client.connect(origin("ws")));
    }

    @Test
    void the_proxy_is_told_the_name_and_port_and_the_rest_goes_through_it() throws Exception {
        try (var server = Peer.answering(head -> Peer.accepted(head) + "\u0081\u0002Hi");
                var proxy = proxy(server, "CONNECT", "");
                var ws = through(at(proxy)).build().connect(origin("ws"))) {
            assertEquals(new Message.Text("Hi"), ws.receive());
            assertEquals("CONNECT origin.test:80 HTTP/1.1\r\nHost: origin.test:80\r\n\r\n", proxy.head());
            assertEquals("origin.test", Peer.field(server.head(), "Host"));
            ws.abort();
        }
    }

    @Test
    void tls_is_spoken_with_the_server_behind_the_proxy(@TempDir Path folder) throws Exception {
        var certificate = Certificate.make(folder, "origin", "dns:origin.test");
        var context = Certificate.context(certificate, certificate);
        var listener = context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (var server = new Peer(listener, visit -> visit.write(Peer.accepted(visit.head())));
                var proxy = proxy(server, "CONNECT", "")) {
            through(at(proxy))
                    .sslContext(context)
                    .build()
                    .connect(origin("wss"))
                    .abort();
            assertTrue(proxy.head().startsWith("CONNECT origin.test:443 "));
        }
    }

    @Test
    void an_ipv6_address_is_asked_for_in_brackets() throws Exception {
        try (var proxy = Peer.answering(head -> "HTTP/1.1 502 Bad Gateway\r\n\r\n")) {
            var client = through(at(proxy)).build();
            var uri = URI.create("ws://[2001:db8::1%25eth0]:81/");
            assertThrows(ProxyException.class, () -> client.connect(uri));
            assertTrue(proxy.head().startsWith("CONNECT [2001:db8::1]:81 HTTP/1.1\r\nHost: [2001:db8::1]:81\r\n"));
        }
    }

    @Test
    void basic_credentials_are_sent_when_they_are_asked_for_and_never_to_the_server() throws Exception {
        var challenge = "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 1\r\n\r\nx";
        try (var server = Peer.answering(Peer::accepted);
                var proxy = proxy(server, "Proxy-Authorization: Basic YWxpY2U6c2VjcmV0\r\n", challenge)) {
            var client = through(at(proxy).withCredentials("alice", "secret")).build();
            client.connect(origin("ws")).abort();
            assertFalse(proxy.head().contains("Authorization"), "unasked");
            assertTrue(proxy.head().contains("Proxy-Authorization: Basic YWxpY2U6c2VjcmV0\r\n"));
            assertFalse(server.head().contains("Authorization"), "to the server");
        }
    }

    @Test
    void digest_is_preferred_and_its_answer_is_for_the_tunnel() throws Exception {
        var challenge =
                "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"x\"\r\nProxy-Authenticate: Digest realm=\"x\", "
                        + "nonce=\"n\", qop=\"auth\", algorithm=SHA-256\r\n\r\n";
        try (var server = Peer.answering(Peer::accepted);
                var proxy = proxy(server, "Digest", challenge)) {
            var client = through(at(proxy).withCredentials("alice", "secret")).build();
            client.connect(origin("ws")).abort();
            proxy.head();
            var answer = Peer.field(proxy.head(), "Proxy-Authorization");
            var nonce = answer.replaceFirst(".*cnonce=\"([^\"]+)\".*", "$1");
            var expected = new ProxyAuthorization(new ProxyServer.Credentials("alice", "secret"), () -> nonce)
                    .digest(
                            new Challenge("digest", Map.of("realm", "x", "nonce", "n")),
                            "SHA-256",
                            "CONNECT",
                            "origin.test:80");
            assertEquals(expected, answer);
            assertEquals(32, nonce.length());
        }
    }

    @Test
    void a_proxy_is_answered_once() throws Exception {
        try (var proxy = Peer.answering(head -> "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n")) {
            var thrown =
                    refusal(through(at(proxy).withCredentials("alice", "wrong")).build());
            assertTrue(thrown.credentialsRefused());
            proxy.visit();
            proxy.visit();
            assertEquals(0, proxy.moreVisits());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Negotiate", "Digest realm=x, nonce=n, qop=auth, algorithm=SHA-999"})
    void a_challenge_that_cannot_be_met_is_a_refusal(String challenge) throws Exception {
        try (var proxy = Peer.answering(head -> "HTTP/1.1 407 Who?\r\nProxy-Authenticate: " + challenge + "\r\n\r\n")) {
            assertTrue(refusal(through(at(proxy).withCredentials("alice", "secret"))
                            .build())
                    .credentialsRefused());
            proxy.visit();
            assertEquals(0, proxy.moreVisits());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 403, 407, 502, 503})
    void a_refusal_of_the_proxy_carries_its_response(int status) throws Exception {
        try (var proxy =
                Peer.answering(head -> "HTTP/1.1 " + status + " Whatever\r\nLocation: ws://evil.test/\r\n\r\n")) {
            var thrown = refusal(through(at(proxy)).followRedirects(5).build());
            assertEquals(status, thrown.response().orElseThrow().status());
            assertEquals(status == 407, thrown.credentialsRefused());
            assertTrue(
                    String.valueOf(thrown.getMessage())
                            .startsWith("the HTTP proxy proxy.test:" + proxy.port()
                                    + " does not connect to origin.test:80: " + status),
                    thrown.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {HEAD_LIMIT - 1, HEAD_LIMIT, HEAD_LIMIT + 1})
    void the_head_of_the_answer_has_at_most_16_kib(int size) throws Exception {
        var head = new StringBuilder("HTTP/1.1 502 Bad Gateway\r\n");
        while (head.length() < size - 500) {
            head.append("a: ").append("x".repeat(400)).append("\r\n");
        }
        head.append("b: ").append("x".repeat(size - head.length() - 4)).append("\r\n\r\n");
        assertEquals(size, head.length());
        try (var proxy = Peer.answering(request -> head.toString())) {
            var client = through(at(proxy)).build();
            var thrown = assertThrows(IOException.class, () -> client.connect(origin("ws")));
            assertEquals(size <= HEAD_LIMIT, thrown instanceof ProxyException, thrown.toString());
        }
    }

    @Test
    void a_proxy_that_does_not_answer_in_time_is_a_timeout_of_its_own() throws Exception {
        try (var proxy = new Peer(Peer.Visit::awaitEnd)) {
            var client = through(at(proxy)).proxyTimeout(Duration.ofMillis(100)).build();
            var thrown = assertThrows(SocketTimeoutException.class, () -> client.connect(origin("ws")));
            assertEquals(
                    "no answer of the HTTP proxy proxy.test:" + proxy.port() + " within 100 ms", thrown.getMessage());
        }
    }

    @Test
    void the_timeout_of_the_proxy_does_not_stay_with_the_socket() throws Exception {
        try (var proxy = Peer.answering(head -> OK);
                var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            var tunnel = new HttpTunnel(at(proxy), Target.of(origin("ws")), Duration.ofSeconds(10));
            assertEquals(socket, tunnel.open(socket, () -> socket));
            assertEquals(0, socket.getSoTimeout());
        }
    }

    @Test
    void bytes_that_the_proxy_puts_before_those_of_the_server_are_refused() throws Exception {
        try (var proxy = Peer.answering(head -> OK + "HTTP/1.1 101 Switching Protocols\r\n\r\n")) {
            refusal(through(at(proxy)).build());
        }
    }

    @Test
    void an_answer_of_http_1_0_opens_a_tunnel_too() throws Exception {
        try (var server = Peer.answering(Peer::accepted);
                var proxy = new Peer(visit -> {
                    visit.head();
                    visit.write("HTTP/1.0 200 Connection established\r\n\r\n");
                    Relay.run(visit, server);
                })) {
            through(at(proxy)).build().connect(origin("ws")).abort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"220 mail.test ESMTP\r\n\r\n", "HTTP/1.1 20", ""})
    void what_is_no_http_is_an_io_exception_that_names_the_proxy(String answer) throws Exception {
        try (var proxy = Peer.answering(head -> answer)) {
            var client = through(at(proxy)).build();
            var thrown = assertThrows(IOException.class, () -> client.connect(origin("ws")));
            assertTrue(
                    String.valueOf(thrown.getMessage()).startsWith("the HTTP proxy proxy.test:"), thrown.getMessage());
        }
    }

    @Test
    void a_proxy_that_cannot_be_reached_is_a_connect_exception() throws Exception {
        int port;
        try (var gone = new ServerSocket(0, 1, Loopback.FIRST)) {
            port = gone.getLocalPort();
        }
        var client = through(ProxyServer.http("127.0.0.1", port)).build();
        assertThrows(ConnectException.class, () -> client.connect(origin("ws")));
    }
}
