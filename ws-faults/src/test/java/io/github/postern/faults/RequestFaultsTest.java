package io.github.postern.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of requests and responses: each strikes as it says, and only what it is set for. */
@Timeout(60)
class RequestFaultsTest extends ThroughProxy {
    /** The whole response of the echo to a body of five bytes. */
    private static final int RESPONSE_LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".length();

    @Test
    void without_a_fault_everything_passes_as_it_is() throws Exception {
        var large = "x".repeat(300_000);
        client.post("/echo", large);
        client.assertAnswered(200, large);
        var chunks = "3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n";
        client.write("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        client.assertAnswered(200, chunks);
        server.goOn();
        client.get("/stream?a=b");
        assertEquals(200, client.status());
        assertEquals("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n", client.read("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n".length()));
        client.close();
        assertEquals("end", server.takeEnd());
        var traffic = proxy.traffic();
        assertEquals(1, traffic.connections());
        assertEquals(3, traffic.requests());
        assertEquals(0, traffic.upgrades());
        assertTrue(traffic.bytesUp() > 300_000 && traffic.bytesDown() > 300_000, traffic::toString);
    }

    @Test
    void a_response_is_cut_after_so_many_bytes() throws Exception {
        for (int bytes : new int[] {0, 1, 17, RESPONSE_LENGTH - 1, RESPONSE_LENGTH}) {
            try (var other = new PlainClient(proxy)) {
                var cut = proxy.next(Request.post(), Fault.cutResponse(bytes));
                other.post("/echo", "hello");
                assertEquals(bytes, other.rest().length());
                cut.await();
            }
        }
    }

    @Test
    void a_response_that_is_shorter_is_not_cut_and_uses_the_fault_up() throws Exception {
        var cut = proxy.next(Request.post(), Fault.cutResponse(RESPONSE_LENGTH + 1));
        for (int i = 0; i < 2; i++) {
            client.post("/echo", "hello");
            client.assertAnswered(200, "hello");
        }
        assertEquals(0, cut.struck());
    }

    @Test
    void a_response_is_reset_after_so_many_bytes() throws Exception {
        var reset = proxy.next(Request.any(), Fault.resetResponse(10));
        client.post("/echo", "hello");
        client.assertReset();
        reset.await();
    }

    @Test
    void a_request_is_cut_after_so_many_bytes() throws Exception {
        var cut = proxy.next(Request.post(), Fault.cutRequest(20));
        client.post("/echo", "hello");
        assertEquals("reset", server.takeEnd()); // an end in the middle of the head
        cut.await();
        assertEquals(20, proxy.traffic().bytesUp());
        assertTrue(server.isLeftAlone());
    }

    @Test
    void a_request_is_lost_before_the_server_sees_it() throws Exception {
        var lost = proxy.next(Request.post(), Fault.loseRequest());
        client.post("/echo", "hello");
        assertEquals("", client.rest());
        lost.await();
        assertTrue(server.isLeftAlone());
    }

    @Test
    void a_response_is_lost_when_the_server_has_answered() throws Exception {
        var lost = proxy.next(Request.get().and(Request.path("/hang")), Fault.loseResponse());
        client.get("/hang?x");
        assertEquals("GET /hang?x", server.takeRequest());
        client.assertSilence();
        assertEquals(0, lost.struck());
        server.goOn();
        assertEquals("", client.rest());
        lost.await();
    }

    @Test
    void a_response_is_not_lost_before_its_end() throws Exception {
        var lost = proxy.next(Request.path("/stream"), Fault.loseResponse());
        client.get("/stream");
        server.takeRequest();
        client.assertSilence();
        assertEquals(0, lost.struck());
        server.goOn();
        assertEquals("", client.rest());
        lost.await();
    }

    @Test
    void only_what_matches_is_struck_and_only_so_often() throws Exception {
        var lost = proxy.next(2, Request.field("X-Kind", "b").and(Request.path("/echo")), Fault.answer(500));
        client.post("/echo", "", "X-Kind: a");
        client.assertAnswered(200, "");
        client.post("/other", "", "X-Kind: b");
        client.assertAnswered(200, "");
        for (int status : new int[] {500, 500, 200}) {
            client.post("/echo", "", "x-kind: b");
            client.assertAnswered(status, "");
        }
        assertEquals(2, lost.struck());
    }

    @Test
    void the_first_fault_that_is_set_strikes_first() throws Exception {
        var count = proxy.every(Request.any(), Fault.none());
        proxy.next(Request.any(), Fault.answer(500));
        var rest = proxy.every(Request.post(), Fault.answer(502));
        for (int status : new int[] {500, 502, 502}) {
            client.post("/echo", "");
            client.assertAnswered(status, "");
        }
        rest.clear();
        client.post("/echo", "");
        client.assertAnswered(200, "");
        assertEquals(4, count.struck());
        assertEquals(2, rest.struck());
    }

    @Test
    void a_duplicate_is_sent_when_the_first_was_answered() throws Exception {
        var duplicate = proxy.next(Request.post(), Fault.duplicate());
        client.post("/hang", "hello");
        assertEquals("POST /hang hello", server.takeRequest());
        assertTrue(server.isLeftAlone());
        server.goOn();
        duplicate.await();
        assertEquals("POST /hang hello", server.takeRequest());
        server.goOn();
        client.assertAnswered(200, "late");
        client.assertSilence();
    }

    @Test
    void a_copy_is_sent_at_the_same_time() throws Exception {
        var overlap = proxy.next(Request.any(), Fault.overlap());
        client.get("/hang");
        overlap.await();
        assertEquals("GET /hang", server.takeRequest());
        assertEquals("GET /hang", server.takeRequest());
        server.goOn();
        server.goOn();
        client.assertAnswered(200, "late");
        client.assertSilence();
    }

    @Test
    void a_half_open_connection_passes_nothing_and_no_end() throws Exception {
        var half = proxy.next(Request.any(), Fault.halfOpen(17));
        client.get("/stream");
        assertEquals("HTTP/1.1 200 OK\r\n", client.read(17));
        half.await();
        client.assertSilence();
        assertEquals("GET /stream", server.takeRequest());
        client.get("/echo");
        client.close();
        assertTrue(server.isLeftAlone(), "the server learns nothing of the client's end");
    }

    @Test
    void the_end_of_the_server_is_not_passed_on_by_a_half_open_connection() throws Exception {
        var half = proxy.next(Request.any(), Fault.halfOpen(0));
        client.get("/stream");
        half.await();
        server.close();
        client.assertSilence();
    }

    @Test
    void a_mute_body_never_comes() throws Exception {
        var mute = proxy.next(Request.path("/stream"), Fault.muteBody());
        server.goOn();
        client.get("/stream");
        assertEquals(200, client.status());
        mute.await();
        client.assertSilence();
        client.close();
        assertEquals("end", server.takeEnd());
    }

    @Test
    void a_buffered_body_comes_when_it_is_complete() throws Exception {
        var buffered = proxy.next(Request.path("/stream"), Fault.bufferBody());
        client.get("/stream");
        assertEquals(200, client.status());
        buffered.await();
        client.assertSilence();
        server.goOn();
        assertEquals("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n", client.read("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n".length()));
        client.post("/echo", "and on");
        client.assertAnswered(200, "and on");
    }

    @Test
    void an_answer_of_the_proxy_is_not_seen_by_the_server() throws Exception {
        var answer = proxy.next(Request.post(), Fault.answer(503, Map.of("Retry-After", "7")));
        client.post("/echo", "hello");
        var expected = "HTTP/1.1 503 Fault\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n";
        assertEquals(expected, client.read(expected.length()));
        answer.await();
        client.post("/echo", "again");
        client.assertAnswered(200, "again");
        assertEquals("POST /echo again", server.takeRequest());
    }

    @Test
    void a_response_is_replaced_while_the_server_still_thinks() throws Exception {
        long began = System.nanoTime();
        var answer = proxy.next(Request.get(), Fault.answerInstead(502, Duration.ofMillis(150)));
        client.get("/hang");
        assertEquals("GET /hang", server.takeRequest());
        assertEquals(502, client.status());
        assertTrue(System.nanoTime() - began >= 150_000_000L);
        assertEquals("", client.rest());
        answer.await();
        server.goOn();
        server.takeEnd();
    }

    @Test
    void a_response_is_replaced_even_if_the_server_has_answered() throws Exception {
        var answer = proxy.next(Request.get(), Fault.answerInstead(204, Duration.ofMillis(50)));
        client.get("/echo");
        assertEquals(204, client.status());
        assertEquals("", client.rest());
        answer.await();
    }

    @Test
    void a_response_is_replaced_even_if_the_server_has_closed() throws Exception {
        var answer = proxy.next(Request.get(), Fault.answerInstead(502, Duration.ofMillis(150)));
        client.get("/echo", "Connection: close");
        assertEquals("end", server.takeEnd());
        assertEquals(502, client.status());
        assertEquals("", client.rest());
        answer.await();
    }

    @Test
    void a_response_is_replaced_even_if_both_sides_have_sent_all_they_have() throws Exception {
        var answer = proxy.next(Request.get(), Fault.answerInstead(502, Duration.ofMillis(150)));
        client.get("/echo");
        client.end();
        assertEquals("end", server.takeEnd());
        assertEquals(502, client.status());
        assertEquals("", client.rest());
        answer.await();
    }

    @Test
    void a_request_is_delayed() throws Exception {
        long began = System.nanoTime();
        var delay = proxy.next(Request.post(), Fault.delayRequest(Duration.ofMillis(150)));
        client.post("/echo", "hello");
        delay.await();
        assertTrue(server.isLeftAlone());
        client.assertAnswered(200, "hello");
        assertTrue(System.nanoTime() - began >= 150_000_000L);
    }

    @Test
    void a_response_is_delayed() throws Exception {
        long began = System.nanoTime();
        proxy.next(Request.post(), Fault.delayResponse(Duration.ofMillis(150)));
        client.post("/echo", "hello");
        server.takeRequest();
        client.assertSilence();
        client.assertAnswered(200, "hello");
        assertTrue(System.nanoTime() - began >= 150_000_000L);
    }

    @Test
    void a_response_is_throttled() throws Exception {
        long began = System.nanoTime();
        proxy.next(Request.post(), Fault.throttleResponse(1_000));
        client.post("/echo", "x".repeat(200));
        client.assertAnswered(200, "x".repeat(200));
        long took = System.nanoTime() - began;
        assertTrue(took >= 200_000_000L && took < 5_000_000_000L, () -> took + " ns for 240 bytes at 1,000 a second");
    }

    @Test
    void a_request_is_throttled() throws Exception {
        long began = System.nanoTime();
        proxy.next(Request.post(), Fault.throttleRequest(1_000));
        client.post("/echo", "x".repeat(200));
        client.assertAnswered(200, "x".repeat(200));
        assertTrue(System.nanoTime() - began >= 200_000_000L);
    }

    @Test
    void only_one_direction_is_throttled() throws Exception {
        proxy.next(Request.post(), Fault.throttleResponse(1));
        client.post("/echo", "x".repeat(2_000));
        server.takeRequest(); // or it would take half an hour
        try (var other = new PlainClient(proxy)) {
            proxy.next(Request.post(), Fault.throttleRequest(100_000));
            other.post("/echo", "x");
            other.assertAnswered(200, "x");
            proxy.next(Request.post(), Fault.throttleRequest(1));
            other.post("/echo", "x");
            other.assertSilence();
        }
        assertEquals("POST /echo x", server.takeRequest());
        assertTrue(server.isLeftAlone());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void a_body_that_is_held_back_may_be_16_mebibytes_long(int beyond) throws Exception {
        int length = (16 << 20) + beyond;
        proxy.next(Request.post(), Fault.bufferBody());
        client.post("/echo", "x".repeat(length));
        assertEquals(200, client.status());
        if (beyond > 0) {
            assertEquals("", client.rest());
        } else {
            assertEquals(length, client.read(length).length());
        }
    }

    @Test
    void what_cannot_be_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> Fault.cutResponse(-1));
        assertThrows(IllegalArgumentException.class, () -> Fault.cutAfter(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> Fault.answer(199));
        assertThrows(IllegalArgumentException.class, () -> Fault.answer(600));
        assertThrows(IllegalArgumentException.class, () -> Fault.answer(200, Map.of("A", "b\r\nC: d")));
        assertThrows(IllegalArgumentException.class, () -> Fault.throttleRequest(0));
        assertThrows(IllegalArgumentException.class, () -> proxy.next(0, Request.any(), Fault.none()));
        assertThrows(IllegalArgumentException.class, () -> proxy.now(Request.any(), Fault.answer(200)));
        assertThrows(IllegalArgumentException.class, () -> proxy.cutUpAfter(0));
        assertThrows(IllegalStateException.class, proxy::start);
    }

    @Test
    void a_fault_that_does_not_strike_is_not_waited_for_any_longer() {
        var never = proxy.next(Request.any(), Fault.none());
        assertThrows(TimeoutException.class, () -> never.await(1, Duration.ofMillis(20)));
    }
}
