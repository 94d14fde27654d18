package io.github.postern.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of WebSockets, and of all that is under way. */
@Timeout(60)
class UpgradeFaultsTest extends ThroughProxy {
    private void open() throws Exception {
        client.upgrade();
        assertEquals(101, client.status());
    }

    private void echo(String text) throws Exception {
        client.write(text);
        assertEquals(text, client.read(text.length()));
    }

    @Test
    void a_tunnel_passes_both_ways_and_ends_from_either_side() throws Exception {
        open();
        echo("hello");
        client.close();
        assertEquals("end", server.takeEnd());
        assertEquals(1, proxy.traffic().upgrades());
        client = new PlainClient(proxy);
        open();
        server.close();
        assertEquals("", client.rest());
    }

    @Test
    void an_upgrade_is_refused_and_nothing_else() throws Exception {
        var refused = proxy.every(Request.upgrade(), Fault.answer(403));
        client.upgrade();
        client.assertAnswered(403, "");
        client.post("/echo", "hello");
        client.assertAnswered(200, "hello");
        assertEquals(1, refused.struck());
    }

    @Test
    void the_answer_to_an_upgrade_is_lost_and_the_connection_closed() throws Exception {
        var lost = proxy.next(Request.upgrade(), Fault.loseResponse());
        client.upgrade();
        assertEquals("", client.rest());
        lost.await();
        assertEquals("GET /ws", server.takeRequest());
        server.takeEnd();
        client = new PlainClient(proxy);
        open();
        echo("hello");
    }

    @Test
    void an_upgrade_dies_some_time_after_it_was_made() throws Exception {
        var kill = proxy.next(Request.upgrade(), Fault.cutAfter(Duration.ofMillis(100)));
        open();
        echo("hello");
        assertEquals("", client.rest());
        kill.await();
        server.takeEnd();
    }

    @Test
    void an_upgrade_is_reset_some_time_after_it_was_made() throws Exception {
        var kill = proxy.next(Request.upgrade(), Fault.resetAfter(Duration.ofMillis(50)));
        open();
        client.assertReset();
        kill.await();
    }

    @Test
    void an_upgrade_passes_and_no_frames() throws Exception {
        var mute = proxy.next(Request.any(), Fault.muteFrames());
        client.post("/echo", "hello");
        client.assertAnswered(200, "hello");
        open();
        mute.await();
        client.write("hello");
        client.assertSilence();
        assertEquals("POST /echo hello", server.takeRequest());
        assertEquals("GET /ws", server.takeRequest());
        assertTrue(server.isLeftAlone());
    }

    @Test
    void a_tunnel_is_cut_after_so_many_bytes_either_way() throws Exception {
        int head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n".length();
        var down = proxy.next(Request.upgrade(), Fault.cutResponse(head + 3));
        open();
        client.write("hello");
        assertEquals("hel", client.rest());
        down.await();
        client = new PlainClient(proxy);
        assertEquals("hello", server.takeFrames());
        open();
        var up = proxy.now(Request.upgrade(), Fault.cutRequest(4));
        client.write("hello");
        assertEquals("hell", server.takeFrames());
        up.await();
    }

    @Test
    void a_half_open_tunnel_passes_nothing_either_way() throws Exception {
        int head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n".length();
        var half = proxy.next(Request.upgrade(), Fault.halfOpen(head + 3));
        open();
        client.write("hello");
        assertEquals("hel", client.read(3));
        half.await();
        server.takeRequest();
        assertEquals("hello", server.takeFrames());
        client.write("again");
        client.assertSilence();
        assertTrue(server.isLeftAlone());
    }

    @Test
    void what_is_under_way_is_struck_and_what_is_not_is_left_alone() throws Exception {
        open();
        try (var idle = new PlainClient(proxy);
                var stream = new PlainClient(proxy)) {
            idle.post("/echo", "hello");
            idle.assertAnswered(200, "hello");
            stream.get("/stream");
            assertEquals(200, stream.status());
            var half = proxy.now(Request.upgrade(), Fault.halfOpen(0));
            var cut = proxy.now(Request.path("/stream").or(Request.path("/echo")), Fault.cutResponse(0));
            half.await();
            assertEquals(1, cut.struck());
            client.write("hello");
            client.assertSilence();
            assertTrue(stream.rest().length() <= "3\r\none\r\n".length());
            idle.post("/echo", "again");
            idle.assertAnswered(200, "again");
        }
    }

    @Test
    void a_stream_falls_silent() throws Exception {
        client.get("/stream");
        assertEquals(200, client.status());
        assertEquals("3\r\none\r\n", client.read(8));
        proxy.now(Request.get(), Fault.muteBody()).await();
        server.goOn();
        client.assertSilence();
    }

    @Test
    void bytes_are_counted_over_all_connections() throws Exception {
        var down = proxy.cutDownAfter(1_000);
        int whole = responseLength();
        int length = whole;
        for (int i = 0; length == whole; i++) {
            assertTrue(i < 100, "not cut");
            length = responseLength();
        }
        down.await();
        assertEquals(1_000, proxy.traffic().bytesDown());
        var up = proxy.cutUpAfter(10);
        client.post("/echo", "hello");
        up.await();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void the_cut_is_where_it_should_be(int beyond) throws Exception {
        int whole = responseLength();
        var cut = proxy.cutDownAfter(whole + beyond);
        assertEquals(Math.min(whole, whole + beyond), responseLength());
        if (beyond > 0) {
            assertEquals(0, cut.struck());
            assertEquals(beyond, responseLength());
        }
        cut.await();
        assertEquals(whole, responseLength());
    }

    private int responseLength() throws Exception {
        try (var other = new PlainClient(proxy)) {
            other.post("/echo", "x".repeat(100), "Connection: close");
            return other.rest().length();
        }
    }
}
