package io.github.postern.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A proxy in a static field lives as long as its class, and begins anew for each test. */
@Timeout(60)
class ExtensionTest {
    private static PlainServer server;
    private static int port;

    @RegisterExtension
    static final FaultProxy proxy = FaultProxy.to(() -> server.port());

    @BeforeAll
    static void start() {
        server = new PlainServer();
        port = proxy.port();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @RepeatedTest(2)
    void each_test_begins_without_faults_connections_or_counts() throws Exception {
        assertEquals(new Traffic(0, 0, 0, 0, 0), proxy.traffic());
        assertEquals(0, proxy.connections());
        assertEquals(port, proxy.port());
        try (var client = new PlainClient(proxy)) {
            client.post("/echo", "hello");
            client.assertAnswered(200, "hello");
            proxy.every(Request.any(), Fault.answer(500));
            proxy.now(Request.any(), Fault.halfOpen(0));
            proxy.refuse();
            proxy.freeze();
        }
    }

    @Nested
    class InNestedClassesTest {
        @Test
        void it_is_the_same_proxy() throws Exception {
            assertEquals(port, proxy.port());
            try (var client = new PlainClient(proxy)) {
                client.post("/echo", "hello");
                client.assertAnswered(200, "hello");
            }
        }
    }
}
