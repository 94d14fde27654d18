package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java client through TLS: {@code https} and {@code wss}. */
@Timeout(60)
class PushClientTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private static SSLContext context;
    private static PushServer server;
    private static CuttingRelay relay;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        context = contextForLocalhost(folder.resolve("localhost.p12"));
        server = PushServer.builder()
                .path("/push", session -> {
                    for (var message : session) {
                        session.send(message);
                    }
                })
                .start();
        var listener = context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        relay = new CuttingRelay(server.port(), listener);
    }

    @AfterAll
    static void stop() throws IOException {
        relay.close();
        server.close();
    }

    /** A self-signed certificate, made by the JDK's keytool, and a context that has and trusts it. */
    static SSLContext contextForLocalhost(Path file)
            throws IOException, InterruptedException, GeneralSecurityException {
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "localhost",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, keytool.waitFor());
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var made = SSLContext.getInstance("TLS");
        made.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return made;
    }

    private static PushClient.Builder client(PushTransport transport, String scheme) {
        var uri = URI.create(scheme + "://localhost:" + relay.uri().getPort() + "/push");
        return PushClient.builder(uri).transport(transport).options(PushClientTest.options());
    }

    @ParameterizedTest
    @EnumSource
    void echoes_and_resumes(PushTransport transport) throws Exception {
        try (var push = client(transport, transport == PushTransport.POLLING ? "wss" : "https")
                .sslContext(context)
                .connect()) {
            push.send("a");
            assertEquals(new Message.Text("a"), push.receive());
            relay.cutAll();
            push.send("b");
            assertEquals(new Message.Text("b"), push.receive());
        }
    }

    @ParameterizedTest
    @EnumSource
    void does_not_trust_a_certificate_that_it_does_not_know(PushTransport transport) {
        var failure = assertThrows(IOException.class, client(transport, "https")::connect);
        assertNotNull(failure.getCause());
        assertInstanceOf(SSLException.class, failure.getCause());
    }

    @ParameterizedTest
    @ValueSource(strings = {"WEBSOCKET", "SSE"})
    void does_not_take_a_certificate_for_another_host(PushTransport transport) {
        var uri = URI.create("https://127.0.0.1:" + relay.uri().getPort() + "/push");
        var builder = PushClient.builder(uri).transport(transport).sslContext(context);
        assertInstanceOf(
                SSLException.class,
                assertThrows(IOException.class, builder::connect).getCause());
    }
}
