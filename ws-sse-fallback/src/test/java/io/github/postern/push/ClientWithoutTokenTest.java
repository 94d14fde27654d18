package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that has no token, where one is asked for: it tries each transport and says so, and does not ask again and again. */
@Timeout(30)
class ClientWithoutTokenTest {
    private final AtomicInteger asked = new AtomicInteger();

    private PushServer server() throws IOException {
        return PushServer.builder()
                .authenticator(request -> {
                    asked.incrementAndGet();
                    return Authentication.rejected(401);
                })
                .path("/push", session -> {})
                .start();
    }

    private static PushClient.Builder client(PushServer server) {
        return PushClient.builder(URI.create("http://localhost:" + server.port() + "/push"));
    }

    @Test
    void it_fails_to_connect_over_whatever_gets_through() throws Exception {
        try (var server = server()) {
            assertThrows(IOException.class, () -> client(server).connect());
            assertEquals(3, asked.get()); // WebSocket, SSE, long polling
        }
    }

    @ParameterizedTest
    @EnumSource
    void it_fails_to_connect_over_one_transport(PushTransport transport) throws Exception {
        try (var server = server()) {
            assertThrows(
                    IOException.class, () -> client(server).transport(transport).connect());
            assertEquals(1, asked.get());
        }
    }
}
