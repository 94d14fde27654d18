package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client behind a SOCKS 5 proxy, byte for byte (RFC 1928, RFC 1929). */
@Timeout(30)
class SocksProxyTest {
    private static final URI ORIGIN = URI.create("ws://origin.test/");
    private static final String NO_CREDENTIALS = "05 01 00";
    private static final String WITH_CREDENTIALS = "05 02 00 02";
    private static final String ASK_FOR_ORIGIN = "05 01 00 03 0b 6f726967696e2e74657374 0050"; // origin.test:80
    private static final String GRANTED = "05 00 00 01 00000000 0000";

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** A proxy that expects some bytes, answers with others, and so on; then the tunnel is open. */
    private static Peer proxy(Peer origin, String... expectedAndAnswers) throws IOException {
        return new Peer(visit -> {
            for (int i = 0; i < expectedAndAnswers.length; i += 2) {
                var expected = hex(expectedAndAnswers[i]);
                assertArrayEquals(expected, visit.socket.getInputStream().readNBytes(expected.length));
                visit.socket.getOutputStream().write(hex(expectedAndAnswers[i + 1]));
            }
            Relay.run(visit, origin);
        });
    }

    private static ProxyServer at(Peer proxy) {
        return ProxyServer.socks5("proxy.test", proxy.port());
    }

    private static WebSocketClient.Builder through(ProxyServer proxy) {
        return WebSocketClient.builder().proxy(proxy).resolver(host -> {
            assertEquals("proxy.test", host, "name that was looked up");
            return List.of(Loopback.FIRST);
        });
    }

    private static void checkTunnel(
            URI uri, ProxyServer.@Nullable Credentials credentials, String... expectedAndAnswers) throws Exception {
        try (var server = Peer.answering(head -> Peer.accepted(head) + "\u0081\u0002Hi");
                var proxy = proxy(server, expectedAndAnswers)) {
            var address = credentials == null
                    ? at(proxy)
                    : at(proxy).withCredentials(credentials.user(), credentials.password());
            try (var ws = through(address).build().connect(uri)) {
                assertEquals(new Message.Text("Hi"), ws.receive());
                ws.abort();
            }
        }
    }

    private static ProxyException refusal(ProxyServer.@Nullable Credentials credentials, String... expectedAndAnswers)
            throws Exception {
        return assertThrows(ProxyException.class, () -> checkTunnel(ORIGIN, credentials, expectedAndAnswers));
    }

    @Test
    void a_name_is_looked_up_by_the_proxy() throws Exception {
        checkTunnel(ORIGIN, null, NO_CREDENTIALS, "05 00", ASK_FOR_ORIGIN, GRANTED);
    }

    @ParameterizedTest
    @CsvSource({
        "ws://192.0.2.1:81/, 05 01 00 01 c0000201 0051",
        "ws://[2001:db8::1]/, 05 01 00 04 20010db8000000000000000000000001 0050"
    })
    void an_address_is_sent_as_one(URI uri, String request) throws Exception {
        checkTunnel(uri, null, NO_CREDENTIALS, "05 00", request, GRANTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "05 00 00 04 00000000000000000000000000000001 1f90",
                "05 00 00 03 04 61626364 1f90",
                "05 00 00 03 00 0000"
            })
    void the_address_that_the_proxy_uses_is_read_over(String reply) throws Exception {
        checkTunnel(ORIGIN, null, NO_CREDENTIALS, "05 00", ASK_FOR_ORIGIN, reply);
    }

    @Test
    void user_and_password_are_sent_to_a_proxy_that_wants_them() throws Exception {
        checkTunnel(
                ORIGIN,
                new ProxyServer.Credentials("ali", "sé"),
                WITH_CREDENTIALS,
                "05 02",
                "01 03 616c69 03 73c3a9",
                "01 00",
                ASK_FOR_ORIGIN,
                GRANTED);
    }

    @Test
    void user_and_password_are_kept_from_a_proxy_that_does_not_want_them() throws Exception {
        checkTunnel(
                ORIGIN, new ProxyServer.Credentials("ali", "x"), WITH_CREDENTIALS, "05 00", ASK_FOR_ORIGIN, GRANTED);
    }

    @Test
    void refused_credentials_are_told_apart() throws Exception {
        var credentials = new ProxyServer.Credentials("a", "b");
        var wrong = refusal(credentials, WITH_CREDENTIALS, "05 02", "01 01 61 01 62", "01 01");
        assertTrue(wrong.credentialsRefused());
        assertTrue(String.valueOf(wrong.getMessage()).endsWith("refuses the user and password"), wrong.getMessage());
        assertTrue(refusal(null, NO_CREDENTIALS, "05 ff").credentialsRefused());
        assertTrue(refusal(credentials, WITH_CREDENTIALS, "05 ff").credentialsRefused());
    }

    @ParameterizedTest
    @CsvSource({
        "01, general failure",
        "02, not allowed by its rules",
        "03, network unreachable",
        "04, host unreachable",
        "05, connection refused",
        "06, time to live expired",
        "07, command not supported",
        "08, address type not supported",
        "ff, unknown reply 255"
    })
    void every_refusal_says_why(String code, String why) throws Exception {
        var thrown = refusal(null, NO_CREDENTIALS, "05 00", ASK_FOR_ORIGIN, "05 " + code + " 00 01 00000000 0000");
        assertTrue(
                String.valueOf(thrown.getMessage()).endsWith("does not connect to origin.test:80: " + why),
                thrown.getMessage());
        assertTrue(!thrown.credentialsRefused() && thrown.response().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"04 00", "48 54", "05 02", "05 01", "05 80"})
    void a_choice_of_method_that_was_not_offered_is_refused(String answer) throws Exception {
        assertTrue(!refusal(null, NO_CREDENTIALS, answer).credentialsRefused());
    }

    @ParameterizedTest
    @ValueSource(strings = {"04 00 00 01 00000000 0000", "05 00 00 02 00000000 0000"})
    void a_reply_that_is_none_is_refused(String reply) throws Exception {
        refusal(null, NO_CREDENTIALS, "05 00", ASK_FOR_ORIGIN, reply);
    }

    @Test
    void a_proxy_that_hangs_up_is_an_io_exception() throws Exception {
        try (var proxy = new Peer(visit -> visit.socket.getOutputStream().write(5))) {
            var client = through(at(proxy)).build();
            var thrown = assertThrows(IOException.class, () -> client.connect(ORIGIN));
            assertTrue(
                    String.valueOf(thrown.getMessage()).endsWith("ended the stream within its handshake"),
                    thrown.getMessage());
        }
    }

    @Test
    void the_whole_handshake_has_one_timeout() throws Exception {
        try (var proxy = new Peer(visit -> {
            visit.socket.getOutputStream().write(5);
            visit.awaitEnd();
        })) {
            var client = through(at(proxy)).proxyTimeout(Duration.ofMillis(100)).build();
            var thrown = assertThrows(SocketTimeoutException.class, () -> client.connect(ORIGIN));
            assertEquals(
                    "no tunnel of the SOCKS proxy proxy.test:" + proxy.port() + " within 100 ms", thrown.getMessage());
        }
    }

    @Test
    void the_timeout_does_not_stay_with_the_socket() throws Exception {
        try (var server = Peer.answering(Peer::accepted);
                var proxy = proxy(server, NO_CREDENTIALS, "05 00", ASK_FOR_ORIGIN, GRANTED);
                var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            new SocksTunnel(at(proxy), Target.of(ORIGIN), socket, Duration.ofSeconds(10)).open();
            assertEquals(0, socket.getSoTimeout());
        }
    }
}
