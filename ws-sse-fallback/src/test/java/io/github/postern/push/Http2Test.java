package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.connection.Connection;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.PemIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server with TLS: HTTP/2 and HTTP/1.1 on one port. */
@Timeout(60)
class Http2Test {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static SSLContext context;
    private final HttpClient http = client(HttpClient.Version.HTTP_2);
    private @Nullable PushServer started;

    @BeforeAll
    static void makeCertificate() throws Exception {
        context = PushClientTlsTest.contextForLocalhost(folder.resolve("localhost.p12"));
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        server().shutdown(Duration.ZERO, Duration.ZERO);
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().sslContext(context).version(version).build();
    }

    private static void echo(Connection session) throws IOException {
        for (var message : session) {
            session.send(message);
        }
    }

    private static PushServer.Builder builder() {
        return PushServer.builder().tls(context).path("/push", Http2Test::echo);
    }

    private PushServer server() {
        assertNotNull(started);
        return started;
    }

    private URI uri(String scheme, String path) {
        return URI.create(scheme + "://localhost:" + server().port() + path);
    }

    private HttpResponse<String> get(HttpClient client, String path, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri("https", path));
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void more_than_six_streams_share_one_connection() throws Exception {
        started = builder().path("/other", Http2Test::echo).start();
        var clients = new ArrayList<TestClient.Session>();
        for (int i = 0; i < 10; i++) {
            var client = new TestClient(http, uri("https", i % 2 == 0 ? "/push" : "/other"));
            clients.add(client.open(i < 8 ? PushTransport.SSE : PushTransport.LONG_POLLING));
        }
        for (var client : clients) {
            assertEquals(HttpClient.Version.HTTP_2, client.stream.response().version());
            var answer = client.post(1, "data:a\n\n");
            assertEquals(200, answer.statusCode());
            assertEquals(HttpClient.Version.HTTP_2, answer.version());
        }
        for (var client : clients.subList(0, 8)) {
            assertEquals(new StreamRecord("", "1", "a"), client.stream.next());
        }
        for (var client : clients.subList(8, 10)) {
            var poll = client.poll(PushTransport.LONG_POLLING, 0);
            assertEquals(new StreamRecord("", "1", "a"), poll.next());
        }
        assertEquals(1, server().connections());
    }

    @Test
    void a_quiet_stream_and_a_hanging_poll_outlive_the_time_of_a_write() throws Exception {
        var options = PushOptions.defaults()
                .withWriteTimeout(Duration.ofMillis(300))
                .withHeartbeat(Duration.ofMillis(1_500))
                .withPollTimeout(Duration.ofMillis(1_200));
        started = builder().options(options).start();
        var stream = new TestClient(http, uri("https", "/push")).open(PushTransport.SSE);
        var polls = new TestClient(http, uri("https", "/push")).open(PushTransport.LONG_POLLING);
        assertEquals(0, polls.poll(PushTransport.LONG_POLLING, 0).rest().size());
        assertEquals(200, stream.post(1, "data:a\n\n").statusCode());
        assertEquals(new StreamRecord("", "1", "a"), stream.stream.next());
    }

    @ParameterizedTest
    @EnumSource(PushTransport.class)
    void the_java_client_speaks_over_every_transport(PushTransport transport) throws Exception {
        started = builder().start();
        try (var push = PushClient.builder(uri("https", "/push"))
                .transport(transport)
                .sslContext(context)
                .options(PushClientTest.options())
                .connect()) {
            push.send("a");
            assertEquals(new Message.Text("a"), push.receive());
        }
    }

    @Test
    void http_1_is_spoken_on_the_same_port() throws Exception {
        started = builder().health("/health").start();
        try (var old = client(HttpClient.Version.HTTP_1_1)) {
            assertEquals(HttpClient.Version.HTTP_1_1, get(old, "/health").version());
            assertEquals(HttpClient.Version.HTTP_2, get(http, "/health").version());
        }
    }

    @Test
    void the_own_origin_is_https_and_others_need_to_be_listed() throws Exception {
        started = builder()
                .options(PushOptions.defaults().withAllowedOrigins(Set.of("https://other.example")))
                .start();
        var own = "https://localhost:" + server().port();
        var polling = "Postern-Transport";
        assertEquals(
                200,
                get(http, "/push", "Origin", own, "Postern-Epoch", "1", polling, "polling")
                        .statusCode());
        var foreign = "http://localhost:" + server().port();
        assertEquals(
                403,
                get(http, "/push", "Origin", foreign, "Postern-Epoch", "1", polling, "polling")
                        .statusCode());
        var listed = get(http, "/push", "Origin", "https://other.example", "Postern-Epoch", "1", polling, "polling");
        assertEquals(
                "https://other.example",
                listed.headers().firstValue("Access-Control-Allow-Origin").orElseThrow());
    }

    @Test
    void the_certificate_may_come_from_pem_files() throws Exception {
        var store = KeyStore.getInstance(folder.resolve("localhost.p12").toFile(), PASSWORD);
        var pem = folder.resolve("localhost.pem");
        Files.writeString(
                pem,
                pem("CERTIFICATE", store.getCertificate("localhost").getEncoded())
                        + pem("PRIVATE KEY", store.getKey("localhost", PASSWORD).getEncoded()));
        started = PushServer.builder()
                .tls(PemIdentity.load(pem, pem))
                .path("/push", Http2Test::echo)
                .start();
        var session = new TestClient(http, uri("https", "/push")).open(PushTransport.SSE);
        assertEquals(HttpClient.Version.HTTP_2, session.stream.response().version());
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n";
    }

    @Test
    void the_health_path_says_whether_the_server_takes_clients() throws Exception {
        started = builder().health("/health").start();
        assertEquals("ok\n", get(http, "/health").body());
        var session = new TestClient(http, uri("https", "/push")).open(PushTransport.SSE);
        var drain = Thread.ofVirtual().start(() -> server().shutdown(Duration.ofHours(1)));
        HttpTransportsTest.await(() -> healthStatus() == 503);
        assertNotNull(get(http, "/health").headers().firstValue("Retry-After").orElse(null));
        assertEquals(
                200, session.post(1, "event:close\ndata:code=1000&reason=\n\n").statusCode());
        drain.join();
    }

    private int healthStatus() {
        try {
            return get(http, "/health").statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void the_health_path_is_a_path_of_its_own() throws Exception {
        started = builder().start();
        assertThrows(IllegalArgumentException.class, () -> builder().health("/push"));
        assertThrows(IllegalArgumentException.class, () -> builder().health("health"));
        assertThrows(
                IllegalArgumentException.class, () -> builder().health("/h").path("/h", Http2Test::echo));
    }
}
