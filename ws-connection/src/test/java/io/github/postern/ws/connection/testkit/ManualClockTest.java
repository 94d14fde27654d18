package io.github.postern.ws.connection.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.core.CloseStatus;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the clock promises, seen from a test of a handler. */
@Timeout(30)
class ManualClockTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ManualClock clock = new ManualClock();

    private <T> FutureTask<T> start(Callable<T> work) {
        var task = new FutureTask<>(work);
        clock.start("test", task);
        return task;
    }

    @Test
    void stands_still_until_it_is_advanced_and_then_goes_as_far() {
        long before = clock.nanoTime();
        assertEquals(before, clock.nanoTime());
        clock.advance(SECOND);
        assertEquals(SECOND.toNanos(), clock.nanoTime() - before);
        clock.advance(Duration.ZERO);
        assertEquals(SECOND.toNanos(), clock.nanoTime() - before);
        assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofNanos(-1)));
    }

    @Test
    void a_handler_that_receives_with_a_timeout_has_acted_on_each_of_them() throws Exception {
        var timeouts = new AtomicInteger();
        var pair = ConnectionPair.builder().clock(clock).serve(ws -> {
            while (ws.receive(Duration.ofSeconds(5)).isEmpty()) {
                timeouts.incrementAndGet();
            }
        });
        try (pair) {
            clock.advance(Duration.ofSeconds(5).minus(MILLI));
            assertEquals(0, timeouts.get());
            clock.advance(MILLI);
            assertEquals(1, timeouts.get());
            clock.advance(Duration.ofSeconds(17));
            assertEquals(4, timeouts.get());
        }
    }

    @Test
    void an_hour_of_pings_that_are_answered_ends_nothing() throws Exception {
        try (var pair = ConnectionPair.builder().clock(clock).serve(ws -> ws.receive())) {
            clock.advance(Duration.ofHours(1));
            assertEquals(ReadyState.OPEN, pair.client().readyState());
            assertEquals(ReadyState.OPEN, pair.server().readyState());
        }
    }

    @Test
    void a_handler_whose_peer_has_vanished_has_been_told() throws Exception {
        var told = new AtomicBoolean();
        var pair = ConnectionPair.builder()
                .clock(clock)
                .clientOptions(ConnectionOptions.defaults().withPingInterval(Duration.ZERO))
                .clientFaults(wire -> new FaultyTransport(wire).stallReads())
                .serve(ws -> {
                    var end = assertThrows(ConnectionClosedException.class, ws::receive);
                    told.set(end.closeInfo().cause() instanceof SocketTimeoutException);
                });
        try (pair) {
            var options = ConnectionOptions.defaults();
            clock.advance(options.pingInterval().plus(options.pongTimeout()).minus(MILLI));
            assertEquals(ReadyState.OPEN, pair.server().readyState());
            clock.advance(MILLI);
            assertEquals(ReadyState.CLOSED, pair.server().readyState());
            assertTrue(told.get());
        }
    }

    @Test
    void what_was_sent_has_been_answered_when_advance_returns() throws Exception {
        var pair = ConnectionPair.builder().clock(clock).serve(ws -> {
            for (var message : ws) {
                ws.send(message);
            }
        });
        try (pair) {
            for (int i = 0; i < 200; i++) {
                var message = new Message.Text("hello " + i);
                pair.client().send(message);
                clock.advance(Duration.ZERO);
                assertEquals(Optional.of(message), pair.client().receive(Duration.ZERO));
            }
        }
    }

    @Test
    void a_closing_handshake_goes_its_way_without_time() throws Exception {
        try (var pair = ConnectionPair.builder().clock(clock).serve(ws -> {})) {
            clock.advance(Duration.ofSeconds(1));
            assertEquals(
                    CloseStatus.NORMAL,
                    assertThrows(ConnectionClosedException.class, pair.client()::receive)
                            .closeInfo()
                            .received());
            assertTrue(pair.awaitHandler(PATIENCE));
        }
    }

    @Test
    void a_handler_that_waits_for_the_test_is_at_rest() throws Exception {
        var release = new CountDownLatch(1);
        try (var pair = ConnectionPair.builder().clock(clock).serve(ws -> release.await())) {
            clock.advance(Duration.ofMinutes(1));
            assertEquals(ReadyState.OPEN, pair.server().readyState());
            release.countDown();
            clock.advance(Duration.ZERO);
            assertEquals(ReadyState.CLOSED, pair.server().readyState());
        }
    }

    @Test
    void several_pairs_may_share_it() throws Exception {
        try (var one = ConnectionPair.builder().clock(clock).serve(ws -> ws.receive(SECOND));
                var other = ConnectionPair.builder().clock(clock).serve(ws -> ws.receive(SECOND.multipliedBy(2)))) {
            clock.advance(SECOND);
            assertEquals(ReadyState.CLOSED, one.server().readyState());
            assertEquals(ReadyState.OPEN, other.server().readyState());
            clock.advance(SECOND);
            assertEquals(ReadyState.CLOSED, other.server().readyState());
        }
    }

    @Test
    void a_handler_may_advance_it() throws Exception {
        var pair = ConnectionPair.builder().clock(clock).serve(ws -> {
            clock.advance(Duration.ofSeconds(90));
            ws.send("still open");
        });
        try (pair) {
            assertEquals(new Message.Text("still open"), pair.client().receive());
        }
    }

    @Test
    void a_platform_thread_whose_wait_is_over_has_gone_on_too() throws Exception {
        var wire = new MemoryTransport[1];
        var gone = new AtomicBoolean();
        var seen = new CompletableFuture<Boolean>();
        var pair = ConnectionPair.builder()
                .clock(clock)
                .clientFaults(transport -> {
                    wire[0] = (MemoryTransport) transport;
                    return transport;
                })
                .serve(ws -> {
                    wire[0].awaitReader();
                    clock.advance(SECOND);
                    seen.complete(gone.get());
                });
        try (pair) {
            assertEquals(Optional.empty(), pair.client().receive(SECOND));
            gone.set(true);
            assertTrue(seen.get());
        }
    }

    @Test
    void a_delay_of_the_network_is_in_its_time() throws Exception {
        var ends = MemoryTransport.pair(16, clock);
        var faulty = new FaultyTransport(new FaultyTransport(ends.one())).delay(SECOND);
        ends.other().write(ByteBuffer.allocate(1));
        var reading = start(() -> faulty.read(ByteBuffer.allocate(1), 0));
        clock.advance(SECOND.minus(MILLI));
        assertFalse(reading.isDone());
        clock.advance(MILLI);
        assertTrue(reading.isDone());
        assertEquals(1, reading.get());
    }

    @Test
    void threads_that_do_not_rest_are_named() {
        var hasty = new ManualClock(MILLI);
        var over = new AtomicBoolean();
        hasty.start("busy", () -> {
            while (!over.get()) {
                Thread.onSpinWait();
            }
        });
        var thrown = assertThrows(IllegalStateException.class, () -> hasty.advance(SECOND));
        over.set(true);
        assertTrue(thrown.toString().contains("busy"), thrown::toString);
        assertEquals(1, hasty.nanoTime(), "the time has not moved");
    }
}
