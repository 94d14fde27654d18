package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.TlsPair.Kind;
import io.github.postern.ws.connection.TlsPair.Sockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handshakes that fail, and what the peer hears of it. The peer is the JDK's own TLS. */
@Timeout(120)
class TlsHandshakeTest {
    private static final TestCertificate CERTIFICATE = TlsPair.CERTIFICATE;
    private static final TestCertificate STRANGER = TestCertificate.make("stranger");

    /** What both sides threw. */
    private record Failures(IOException own, Throwable peer) {}

    private static Failures fail(Kind kind, SSLEngine engine, SSLContext peers, String... peersVersions)
            throws Exception {
        try (var sockets = Sockets.open()) {
            var peer = TlsPair.socket(peers, kind, sockets.peer());
            if (peersVersions.length > 0) {
                peer.setEnabledProtocols(peersVersions);
            }
            var greeting = Fixture.start(() -> {
                peer.startHandshake();
                return peer.getInputStream().read(); // TLS 1.3 tells a client only behind its handshake
            });
            var plain = SocketTransport.of(sockets.own());
            var own = assertThrows(IOException.class, () -> {
                var tls = TlsTransport.handshake(plain, engine);
                tls.read(ByteBuffer.allocate(1), 0);
            });
            assertFalse(sockets.own().isClosed(), "the transport is still the caller's");
            var thrown = assertThrows(ExecutionException.class, greeting::get);
            return new Failures(own, Objects.requireNonNull(thrown.getCause()));
        }
    }

    private static void checkContains(String expected, Throwable thrown) {
        assertTrue(String.valueOf(thrown.getMessage()).contains(expected), thrown.toString());
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT_12", "CLIENT_13"})
    void a_certificate_that_is_not_trusted_is_refused_with_an_alert(Kind kind) throws Exception {
        var engine = TlsPair.engine(STRANGER.trusted(), kind);
        var failures = fail(kind, engine, CERTIFICATE.trusting(CERTIFICATE));
        assertInstanceOf(SSLHandshakeException.class, failures.own());
        checkContains("unable to find valid certification path", failures.own());
        checkContains("certificate_unknown", failures.peer());
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT_12", "CLIENT_13"})
    void a_certificate_for_another_host_is_refused_if_that_is_asked_for(Kind kind) throws Exception {
        var engine = CERTIFICATE.trusted().createSSLEngine("elsewhere", 443);
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {kind.version});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        var failures = fail(kind, engine, CERTIFICATE.trusting(CERTIFICATE));
        assertInstanceOf(SSLHandshakeException.class, failures.own());
        checkContains("elsewhere", failures.own());
        checkContains("certificate_unknown", failures.peer());
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_12", "SERVER_13"})
    void a_client_without_the_certificate_that_is_needed_is_refused_with_an_alert(Kind kind) throws Exception {
        var engine = TlsPair.engine(CERTIFICATE.trusting(CERTIFICATE), kind);
        engine.setNeedClientAuth(true);
        var failures = fail(kind, engine, CERTIFICATE.trusted());
        assertInstanceOf(SSLHandshakeException.class, failures.own());
        checkContains(kind.is12() ? "fatal alert" : "certificate_required", failures.peer());
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_12", "SERVER_13"})
    void a_client_of_another_version_is_refused_with_an_alert(Kind kind) throws Exception {
        var engine = TlsPair.engine(CERTIFICATE.trusting(CERTIFICATE), kind);
        var other = kind.is12() ? "TLSv1.3" : "TLSv1.2";
        var failures = fail(kind, engine, CERTIFICATE.trusted(), other);
        assertInstanceOf(SSLHandshakeException.class, failures.own());
        checkContains("protocol_version", failures.peer());
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_12", "SERVER_13"})
    void a_client_of_another_application_protocol_is_refused_with_an_alert(Kind kind) throws Exception {
        var engine = TlsPair.engine(CERTIFICATE.trusting(CERTIFICATE), kind);
        var parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        engine.setSSLParameters(parameters);
        var failures = failWithProtocol(kind, engine, CERTIFICATE.trusted());
        checkContains("no_application_protocol", failures.peer());
    }

    private static Failures failWithProtocol(Kind kind, SSLEngine engine, SSLContext peers) throws Exception {
        try (var sockets = Sockets.open()) {
            var peer = TlsPair.socket(peers, kind, sockets.peer());
            var parameters = peer.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            peer.setSSLParameters(parameters);
            var greeting = Fixture.start(() -> {
                peer.startHandshake();
                return 0;
            });
            var plain = SocketTransport.of(sockets.own());
            var own = assertThrows(SSLHandshakeException.class, () -> TlsTransport.handshake(plain, engine));
            var thrown = assertThrows(ExecutionException.class, greeting::get);
            return new Failures(own, Objects.requireNonNull(thrown.getCause()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT_12", "CLIENT_13"})
    void a_trust_manager_that_fails_fails_the_handshake(Kind kind) throws Exception {
        var failing = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {
                throw new IllegalStateException("as the test wants");
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {failing}, null);
        var failures = fail(kind, TlsPair.engine(context, kind), CERTIFICATE.trusting(CERTIFICATE));
        assertInstanceOf(SSLException.class, failures.own());
        checkContains("internal_error", failures.peer());
        assertTrue(causes(failures.own()).contains("as the test wants"), causes(failures.own()));
    }

    private static String causes(Throwable thrown) {
        return thrown + (thrown.getCause() == null ? "" : " because of " + causes(thrown.getCause()));
    }

    private static IOException handshakeAfter(byte[] garbage, boolean end) throws Exception {
        try (var sockets = Sockets.open()) {
            sockets.peer().getOutputStream().write(garbage);
            if (end) {
                sockets.peer().shutdownOutput();
            }
            var engine = TlsPair.engine(CERTIFICATE.trusting(CERTIFICATE), Kind.SERVER_13);
            var plain = SocketTransport.of(sockets.own());
            return assertThrows(IOException.class, () -> TlsTransport.handshake(plain, engine));
        }
    }

    @Test
    void who_speaks_http_is_not_waited_for() throws Exception {
        var thrown = handshakeAfter("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), false);
        assertInstanceOf(SSLException.class, thrown);
    }

    @Test
    void a_record_larger_than_any_is_not_waited_for() throws Exception {
        var thrown = handshakeAfter(new byte[] {22, 3, 1, (byte) 0xFF, (byte) 0xFF, 1}, false);
        assertInstanceOf(SSLException.class, thrown);
    }

    @Test
    void a_record_larger_than_the_buffer_is_not_waited_for() throws Exception {
        var large = new byte[BufferPool.BUFFER_SIZE];
        System.arraycopy(new byte[] {22, 3, 1, (byte) 0x80, 0x10, 1}, 0, large, 0, 6);
        var thrown = handshakeAfter(large, false);
        assertInstanceOf(SSLException.class, thrown);
    }

    @Test
    void a_stream_that_ends_before_or_within_the_hello_is_a_failure() throws Exception {
        for (var begin : new byte[][] {{}, {22}, {22, 3, 1, 2, 0, 1, 0, 1}}) {
            var thrown = handshakeAfter(begin, true);
            assertEquals("the peer ended the stream within the TLS handshake", thrown.getMessage());
        }
    }

    @Test
    void closing_the_transport_from_outside_ends_a_handshake() throws Exception {
        try (var sockets = Sockets.open()) {
            var engine = TlsPair.engine(CERTIFICATE.trusting(CERTIFICATE), Kind.SERVER_13);
            var plain = SocketTransport.of(sockets.own());
            var handshake = new FutureTask<>(() -> TlsTransport.handshake(plain, engine));
            Thread.ofVirtual().start(handshake);
            plain.close();
            var thrown = assertThrows(ExecutionException.class, () -> handshake.get(10, TimeUnit.SECONDS));
            assertInstanceOf(IOException.class, thrown.getCause());
        }
    }

    @Test
    void an_engine_without_a_mode_is_the_callers_fault() throws Exception {
        try (var sockets = Sockets.open()) {
            var engine = CERTIFICATE.trusted().createSSLEngine();
            var plain = SocketTransport.of(sockets.own());
            assertThrows(IllegalStateException.class, () -> TlsTransport.handshake(plain, engine));
        }
    }
}
