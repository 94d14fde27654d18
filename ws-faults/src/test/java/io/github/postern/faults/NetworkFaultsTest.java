package io.github.postern.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What befalls all connections, and how the proxy lives and ends. */
@Timeout(60)
class NetworkFaultsTest extends ThroughProxy {
    @Test
    void a_frozen_network_loses_nothing() throws Exception {
        client.upgrade();
        assertEquals(101, client.status());
        proxy.freeze();
        client.write("hello");
        try (var other = new PlainClient(proxy)) {
            other.post("/echo", "hello");
            client.assertSilence();
            server.takeRequest();
            assertTrue(server.isLeftAlone());
            proxy.thaw();
            assertEquals("hello", client.read(5));
            other.assertAnswered(200, "hello");
        }
    }

    @Test
    void connections_are_refused_and_those_that_exist_stay() throws Exception {
        client.post("/echo", "hello");
        client.assertAnswered(200, "hello");
        proxy.refuse();
        try (var other = new PlainClient(proxy)) {
            other.assertReset();
        }
        client.post("/echo", "again");
        client.assertAnswered(200, "again");
        proxy.admit();
        try (var other = new PlainClient(proxy)) {
            other.post("/echo", "back");
            other.assertAnswered(200, "back");
        }
    }

    @Test
    void everything_is_cut_at_once() throws Exception {
        client.get("/stream");
        assertEquals(200, client.status());
        proxy.cutAll();
        assertTrue(client.rest().length() <= "3\r\none\r\n".length());
        server.goOn();
        server.takeEnd();
    }

    @Test
    void everything_is_reset_at_once() throws Exception {
        client.upgrade();
        assertEquals(101, client.status());
        proxy.resetAll();
        client.assertReset();
        assertEquals("reset", server.takeEnd());
    }

    @Test
    void clients_are_gone_and_the_server_does_not_know() throws Exception {
        client.upgrade();
        assertEquals(101, client.status());
        server.takeRequest();
        proxy.abandonAll();
        assertEquals("", client.rest());
        assertTrue(server.isLeftAlone());
    }

    @Test
    void a_server_that_is_not_there_ends_the_connection() throws Exception {
        server.close();
        client.get("/echo");
        assertEquals("", client.rest());
    }

    @Test
    void what_is_no_http_passes_and_can_be_cut() throws Exception {
        try (var echo = new EchoServer();
                var plain = FaultProxy.to(echo::port).start();
                var other = new PlainClient(plain)) {
            other.write("\1\2\3");
            assertEquals("\1\2\3", other.read(3));
            var cut = plain.now(Request.any(), Fault.cutResponse(2));
            other.write("\1\2\3");
            assertEquals("\1\2", other.rest());
            cut.await();
        }
    }

    @Test
    void nothing_is_left_of_a_proxy_that_was_closed() throws Exception {
        client.upgrade();
        assertEquals(101, client.status());
        proxy.next(Request.any(), Fault.muteFrames());
        try (var half = new PlainClient(proxy)) {
            half.upgrade();
            assertEquals(101, half.status());
            proxy.freeze();
            proxy.close(); // fails if a thread does not end
            assertEquals(0, proxy.connections());
            half.assertReset();
        }
        client.assertReset();
        assertThrows(IllegalStateException.class, proxy::port);
    }
}
