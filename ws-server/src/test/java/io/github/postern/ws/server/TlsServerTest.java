package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.Principal;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that speaks TLS, as its clients see it. */
@Timeout(120)
class TlsServerTest {
    @TempDir
    static Path made;

    private static TestIdentity own;
    private static TestIdentity client;
    private static TestIdentity stranger;

    @RegisterExtension
    final Servers servers = new Servers();

    private final BlockingQueue<Optional<Principal>> principals = new LinkedBlockingQueue<>();

    @BeforeAll
    static void makeIdentities() throws Exception {
        own = TestIdentity.make(made, "localhost", "EC");
        client = TestIdentity.make(made, "client", "EC");
        stranger = TestIdentity.make(made, "stranger", "EC");
    }

    private WebSocketServer start(SSLParameters parameters) throws Exception {
        return servers.start(loopback()
                .path("/", ECHO)
                .tls(own.contextTrusting(client), parameters)
                .upgradePolicy(request -> {
                    assertTrue(request.isSecure());
                    principals.add(request.principal());
                    return UpgradeDecision.accept();
                }));
    }

    private static void checkEcho(WebSocketServer server, SSLContext context) throws IOException {
        try (var connection = RawClient.tls(server, context)) {
            assertEquals(101, connection.send(upgrade("/")).readStatus());
            assertEquals("81024869", connection.sendHex("8182 00000000 4869").readHex(4));
        }
    }

    @Test
    void a_client_without_a_certificate_has_no_principal() throws Exception {
        var server = start(new SSLParameters());
        checkEcho(server, TestIdentity.anonymousTrusting(own));
        assertEquals(Optional.empty(), principals.take());
    }

    @Test
    void a_certificate_that_is_not_asked_for_is_not_seen() throws Exception {
        var server = start(new SSLParameters());
        checkEcho(server, client.contextTrusting(own));
        assertEquals(Optional.empty(), principals.take());
    }

    @Test
    void the_principal_is_that_of_the_certificate_that_was_asked_for() throws Exception {
        var parameters = new SSLParameters();
        parameters.setWantClientAuth(true);
        var server = start(parameters);
        checkEcho(server, client.contextTrusting(own));
        assertEquals("CN=client", principals.take().orElseThrow().getName());
        checkEcho(server, TestIdentity.anonymousTrusting(own));
        assertEquals(Optional.empty(), principals.take());
    }

    @Test
    void who_has_no_trusted_certificate_where_one_is_needed_gets_no_answer() throws Exception {
        var parameters = new SSLParameters();
        parameters.setNeedClientAuth(true);
        var server = start(parameters);
        for (var context : new SSLContext[] {TestIdentity.anonymousTrusting(own), stranger.contextTrusting(own)}) {
            assertFalse(isAnswered(server, context));
        }
        checkEcho(server, client.contextTrusting(own));
        assertEquals(1, principals.size());
    }

    private static boolean isAnswered(WebSocketServer server, SSLContext context) {
        try (var connection = RawClient.tls(server, context)) {
            return connection.send(upgrade("/")).readStatus() != -1;
        } catch (IOException e) {
            return false; // TLS 1.3 tells the client only after its own handshake, so it may be told here or not at all
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void parameters_choose_the_version(String version) throws Exception {
        var parameters = new SSLParameters();
        parameters.setProtocols(new String[] {version});
        var server = start(parameters);
        checkEcho(server, TestIdentity.anonymousTrusting(own));
        try (var connection = RawClient.tls(server, TestIdentity.anonymousTrusting(own))) {
            assertEquals(version, connection.tlsVersion());
        }
    }

    @Test
    void parameters_that_the_context_does_not_know_are_refused_when_they_are_given() throws Exception {
        var parameters = new SSLParameters();
        parameters.setProtocols(new String[] {"TLSv9"});
        var context = own.contextTrusting(client);
        assertThrows(IllegalArgumentException.class, () -> loopback().tls(context, parameters));
    }

    @Test
    void the_handler_knows_that_the_connection_is_secure() throws Exception {
        var urls = new LinkedBlockingQueue<String>();
        var server = servers.start(
                loopback().path("/", ws -> urls.add(ws.url().toString())).tls(own.contextTrusting(client)));
        try (var connection = RawClient.tls(server, TestIdentity.anonymousTrusting(own))) {
            assertEquals(101, connection.send(upgrade("/")).readStatus());
        }
        assertEquals("wss://localhost/", urls.take());
    }

    @Test
    void the_same_origin_is_one_over_https() throws Exception {
        var server = start(new SSLParameters());
        for (var origin : new String[] {"https://localhost", "http://localhost"}) {
            try (var connection = RawClient.tls(server, TestIdentity.anonymousTrusting(own))) {
                connection.send(upgrade("/", "Origin: " + origin));
                assertEquals(origin.startsWith("https") ? 101 : 403, connection.readStatus());
            }
        }
    }

    @Test
    void who_is_turned_away_costs_no_tls_handshake() throws Exception {
        var rejections = new LinkedBlockingQueue<Rejection>();
        var server = servers.start(loopback()
                .path("/", ECHO)
                .tls(own.contextTrusting(client))
                .options(ServerOptions.defaults().withMaxConnections(1))
                .listener(new ServerListener() {
                    @Override
                    public void onReject(Rejection rejection) {
                        rejections.add(rejection);
                    }
                }));
        try (var first = RawClient.tls(server, TestIdentity.anonymousTrusting(own))) {
            assertEquals(101, first.send(upgrade("/")).readStatus());
            try (var second = new RawClient(server)) {
                assertTrue(second.isCutOff());
            }
        }
        var rejection = rejections.poll(10, TimeUnit.SECONDS);
        assertNotNull(rejection);
        assertEquals(0, rejection.status());
        assertFalse(rejection.request().isPresent());
    }
}
