package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.PemIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and keys from PEM files, shown by a real server. */
@Timeout(120)
class PemIdentityTest {
    @TempDir
    static Path made;

    private static TestIdentity ec;
    private static TestIdentity renewed;
    private static TestIdentity rsa;
    private static TestIdentity ed25519;

    @RegisterExtension
    final Servers servers = new Servers();

    @TempDir
    Path folder;

    private Path chain;
    private Path key;
    private long written;

    @BeforeAll
    static void makeIdentities() throws Exception {
        ec = TestIdentity.make(made, "localhost", "EC");
        renewed = TestIdentity.make(made, "renewed", "EC");
        rsa = TestIdentity.make(made, "localhost", "RSA");
        ed25519 = TestIdentity.make(made, "localhost", "Ed25519");
    }

    @BeforeEach
    void nameFiles() {
        chain = folder.resolve("chain.pem");
        key = folder.resolve("key.pem");
    }

    private void write(String chainText, String keyText) throws IOException {
        Files.writeString(chain, chainText);
        Files.writeString(key, keyText);
        // file systems are not that exact: each writing gets a time of its own
        var time = FileTime.from(Instant.EPOCH.plusSeconds(1_000_000 + written++));
        Files.setLastModifiedTime(chain, time);
        Files.setLastModifiedTime(key, time);
    }

    private void write(TestIdentity identity) throws IOException, GeneralSecurityException {
        write(identity.certificatePem(), identity.keyPem());
    }

    private static TestIdentity of(String algorithm) {
        return switch (algorithm) {
            case "RSA" -> rsa;
            case "EC" -> ec;
            default -> ed25519;
        };
    }

    private static SSLContext trustingAll() throws IOException, GeneralSecurityException {
        return TestIdentity.anonymousTrusting(ec, renewed, rsa, ed25519);
    }

    /** What a new client is shown, if it can speak to the server over that. */
    private static Object shown(WebSocketServer server) throws IOException, GeneralSecurityException {
        try (var client = RawClient.tls(server, trustingAll())) {
            assertEquals(101, client.send(upgrade("/")).readStatus());
            return client.certificate();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void a_server_shows_the_certificate_of_its_files(String algorithm) throws Exception {
        write(of(algorithm));
        var server = servers.start(loopback().path("/", ECHO).tls(PemIdentity.load(chain, key)));
        assertEquals(of(algorithm).certificate(), shown(server));
    }

    @Test
    void the_files_may_hold_comments_more_certificates_and_be_one() throws Exception {
        write(
                "a comment, in Latin-1: \u00e9\n" + ec.keyPem() + "subject=/CN=localhost\n" + ec.certificatePem()
                        + rsa.certificatePem(),
                "");
        var server = servers.start(loopback().path("/", ECHO).tls(PemIdentity.load(chain, chain)));
        assertEquals(ec.certificate(), shown(server));
    }

    @Test
    void changed_files_are_used_for_the_next_handshake_and_open_connections_stay() throws Exception {
        write(ec);
        var identity = PemIdentity.load(chain, key, Duration.ofNanos(1));
        var server = servers.start(loopback().path("/", ECHO).tls(identity));
        try (var client = RawClient.tls(server, trustingAll())) {
            client.send(upgrade("/")).readHead();
            write(renewed);
            assertEquals(renewed.certificate(), shown(server));
            assertEquals("81024869", client.sendHex("8182 00000000 4869").readHex(4));
            assertEquals(ec.certificate(), client.certificate());
        }
        write(rsa);
        assertEquals(rsa.certificate(), shown(server), "another algorithm as well");
    }

    @Test
    void files_are_not_looked_at_before_the_interval_is_over() throws Exception {
        write(ec);
        var identity = PemIdentity.load(chain, key, Duration.ofDays(365));
        var server = servers.start(loopback().path("/", ECHO).tls(identity));
        write(renewed);
        assertEquals(ec.certificate(), shown(server));
        identity.reload();
        assertEquals(renewed.certificate(), shown(server));
    }

    @Test
    void without_an_interval_only_reload_looks() throws Exception {
        write(ec);
        var identity = PemIdentity.load(chain, key, Duration.ZERO);
        var server = servers.start(loopback().path("/", ECHO).tls(identity));
        write(renewed);
        assertEquals(ec.certificate(), shown(server));
        identity.reload();
        assertEquals(renewed.certificate(), shown(server));
    }

    @Test
    void broken_files_are_not_used_until_they_are_mended() throws Exception {
        write(ec);
        var identity = PemIdentity.load(chain, key, Duration.ofNanos(1));
        var server = servers.start(loopback().path("/", ECHO).tls(identity));
        write(renewed.certificatePem(), ec.keyPem());
        assertEquals(ec.certificate(), shown(server));
        assertThrows(IOException.class, identity::reload);
        Files.delete(key);
        assertEquals(ec.certificate(), shown(server));
        assertThrows(IOException.class, identity::reload);
        write(renewed);
        assertEquals(renewed.certificate(), shown(server));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "RSA PRIVATE KEY | openssl pkcs8 -topk8 -nocrypt",
                "EC PRIVATE KEY | openssl pkcs8 -topk8 -nocrypt",
                "ENCRYPTED PRIVATE KEY | encrypted",
                "PUBLIC KEY | no private key",
            })
    void a_key_in_another_form_is_refused_with_what_to_do(String label, String hint) throws Exception {
        write(ec.certificatePem(), TestIdentity.pem(label, ec.key().getEncoded()));
        checkRefused(hint, key);
    }

    @Test
    void what_is_broken_is_named() throws Exception {
        write("", ec.keyPem());
        checkRefused("no certificate", chain);
        write(ec.certificatePem(), "");
        checkRefused("no private key", key);
        write(ec.certificatePem().replace("-----END", "-----AND"), ec.keyPem());
        checkRefused("ends within", chain);
        write(TestIdentity.pem("CERTIFICATE", new byte[] {1, 2, 3}), ec.keyPem());
        checkRefused("cannot be read", chain);
        write(ec.certificatePem(), TestIdentity.pem("PRIVATE KEY", new byte[] {1, 2, 3}));
        checkRefused("no EC key", key);
        write(ec.certificatePem(), "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n");
        checkRefused("not Base64", key);
        write(ec.certificatePem(), rsa.keyPem());
        checkRefused("no EC key", key);
        write(ec.certificatePem(), renewed.keyPem());
        checkRefused("does not hold the private key of the certificate", key);
        Files.delete(chain);
        checkRefused("does not exist", chain);
    }

    private void checkRefused(String part, Path file) {
        var thrown = assertThrows(IOException.class, () -> PemIdentity.load(chain, key));
        var message = String.valueOf(thrown.getMessage());
        assertTrue(message.contains(part), message);
        assertTrue(message.startsWith(file.toString()), message);
    }

    @Test
    void the_interval_is_not_negative_and_at_most_a_year() throws Exception {
        write(ec);
        for (var bad :
                new Duration[] {Duration.ofNanos(-1), Duration.ofDays(365).plusNanos(1)}) {
            assertThrows(IllegalArgumentException.class, () -> PemIdentity.load(chain, key, bad));
        }
        assertEquals(
                chain.toString(),
                PemIdentity.load(chain, key, Duration.ofDays(365)).toString());
    }
}
