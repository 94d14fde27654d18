package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code wss} with real certificates. */
@Timeout(60)
class TlsTest {
    private static Certificate good;
    private static Certificate elsewhere;
    private static Certificate authority;
    private static Certificate expired;
    private static Certificate current;
    private static Certificate alice;

    /** What the clients said about the name and who they are. */
    private final LinkedBlockingQueue<String> names = new LinkedBlockingQueue<>();

    private final LinkedBlockingQueue<String> subjects = new LinkedBlockingQueue<>();

    @BeforeAll
    static void make_certificates(@TempDir Path folder) throws Exception {
        good = Certificate.make(folder, "good", "dns:localhost,dns:many.test,ip:127.0.0.1,ip:::1");
        elsewhere = Certificate.make(folder, "elsewhere", "dns:elsewhere.test,ip:127.0.0.9");
        authority = Certificate.make(folder, "authority", "dns:authority.test", "-ext", "bc:c", "-startdate", "-20d");
        expired = authority.sign(folder, "expired", "dns:localhost", "-startdate", "-10d", "-validity", "5");
        current = authority.sign(folder, "current", "dns:localhost");
        alice = Certificate.make(folder, "alice", "dns:alice.test");
    }

    private Peer server(SSLContext context, InetAddress address, boolean needClientAuth) throws Exception {
        var listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, address);
        listener.setNeedClientAuth(needClientAuth);
        return new Peer(listener, visit -> {
            var head = visit.head();
            var session = (ExtendedSSLSession) ((SSLSocket) visit.socket).getSession();
            names.add(session.getRequestedServerNames().stream()
                    .map(name -> ((SNIHostName) name).getAsciiName())
                    .toList()
                    .toString());
            if (needClientAuth) {
                subjects.add(((X509Certificate) session.getPeerCertificates()[0])
                        .getSubjectX500Principal()
                        .getName());
            }
            visit.write(Peer.accepted(head) + "\u0081\u0002Hi");
        });
    }

    private Peer server(Certificate certificate) throws Exception {
        return server(Certificate.context(certificate, certificate), Loopback.FIRST, false);
    }

    private static WebSocketClient.Builder trusting(Certificate certificate) throws Exception {
        return WebSocketClient.builder().sslContext(Certificate.context(null, certificate));
    }

    private static URI uri(String host, Peer server) {
        return URI.create("wss://" + host + ':' + server.port() + "/");
    }

    @ParameterizedTest
    @CsvSource({"localhost, [localhost]", "127.0.0.1, []", "[::1], []"})
    void a_certificate_for_the_host_is_accepted_and_only_a_name_is_sent_as_one(String host, String sent)
            throws Exception {
        try (var server = server(
                        Certificate.context(good, good), host.equals("[::1]") ? Loopback.IPV6 : Loopback.FIRST, false);
                var ws = trusting(good).build().connect(uri(host, server))) {
            assertEquals(new Message.Text("Hi"), ws.receive());
            assertEquals(sent, names.take());
            ws.abort();
        }
    }

    @Test
    void the_dot_that_ends_an_absolute_name_is_not_for_the_server() throws Exception {
        try (var server = server(good)) {
            var client =
                    trusting(good).resolver(host -> List.of(Loopback.FIRST)).build();
            client.connect(uri("many.test.", server)).abort();
            assertEquals("[many.test]", names.take());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void a_trusted_certificate_for_another_host_is_refused(String host) throws Exception {
        try (var server = server(elsewhere)) {
            var client = trusting(elsewhere).build();
            var thrown = assertThrows(SSLHandshakeException.class, () -> client.connect(uri(host, server)));
            assertTrue(String.valueOf(thrown.getMessage()).contains(host), thrown.getMessage());
            assertEquals(0, names.size(), "requests that were sent");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void host_names_are_not_verified_if_that_was_said_by_name(String host) throws Exception {
        try (var server = server(elsewhere)) {
            var client = trusting(elsewhere).insecureSkipHostNameVerification().build();
            client.connect(uri(host, server)).abort();
        }
    }

    @Test
    void without_host_names_the_certificate_must_still_be_trusted() throws Exception {
        try (var server = server(elsewhere)) {
            var client = trusting(good).insecureSkipHostNameVerification().build();
            assertThrows(SSLHandshakeException.class, () -> client.connect(uri("localhost", server)));
        }
    }

    @Test
    void a_self_signed_certificate_is_refused_by_the_default_context() throws Exception {
        try (var server = server(good)) {
            assertThrows(
                    SSLHandshakeException.class, () -> WebSocketClient.create().connect(uri("localhost", server)));
        }
    }

    @Test
    void a_certificate_of_a_trusted_authority_is_accepted_unless_it_has_expired() throws Exception {
        var client = trusting(authority).build();
        try (var server = server(current)) {
            client.connect(uri("localhost", server)).abort();
        }
        try (var server = server(expired)) {
            var thrown = assertThrows(SSLHandshakeException.class, () -> client.connect(uri("localhost", server)));
            assertTrue(String.valueOf(thrown.getMessage()).contains("validity check failed"), thrown.getMessage());
        }
    }

    @Test
    void a_client_certificate_is_sent_to_a_server_that_wants_one() throws Exception {
        try (var server = server(Certificate.context(good, alice), Loopback.FIRST, true)) {
            var client = WebSocketClient.builder()
                    .sslContext(Certificate.context(alice, good))
                    .build();
            client.connect(uri("localhost", server)).abort();
            assertEquals("CN=alice", subjects.take());
        }
    }

    @Test
    void a_server_that_wants_a_client_certificate_and_gets_none_is_an_io_exception() throws Exception {
        try (var server = server(Certificate.context(good, alice), Loopback.FIRST, true)) {
            var client = trusting(good).build();
            // mostly the alert; a reset may overtake it, since in TLS 1.3 the client has long sent its request
            assertThrows(IOException.class, () -> client.connect(uri("localhost", server)));
            assertEquals(0, subjects.size());
        }
    }

    @Test
    void a_server_without_tls_is_a_tls_failure() throws Exception {
        try (var server = new Peer(visit -> visit.write("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            assertThrows(SSLException.class, () -> WebSocketClient.create().connect(uri("localhost", server)));
        }
    }
}
