package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushSessions.Refusal;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.ReadyState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry: limits, look-up, forgetting, stopping (PROTOCOL.md §9 to §11). */
@Timeout(20)
class PushSessionsTest {
    private static final ConnectionHandler<PushSession> WAIT = session -> session.forEach(message -> {});

    private final AtomicLong clock = new AtomicLong();

    private PushSessions sessions(int total, int perAddress) {
        var options = PushOptions.defaults()
                .withLimits(PushLimits.defaults().withSessions(total, perAddress))
                .withCloseTimeout(Duration.ofMillis(50));
        return new PushSessions(WAIT, options, clock::get);
    }

    private static LiveSession open(PushSessions sessions, String address) {
        var session = sessions.open(SessionKind.POSTERN, address).session();
        assertNotNull(session);
        return session;
    }

    @Test
    void limits_the_sessions_of_an_address() {
        var sessions = sessions(100, 2);
        open(sessions, "a");
        var second = open(sessions, "a");
        assertEquals(
                Refusal.TOO_MANY_FROM_ADDRESS,
                sessions.open(SessionKind.POSTERN, "a").refusal());
        open(sessions, "b");
        second.application().abort();
        open(sessions, "a");
        sessions.stop(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8:0:1:ffff::2", "[2001:db8:0:1::3]", "2001:db8:0:1::1%eth0", "[2001:db8:0:1::1%1]"})
    void an_ipv6_block_is_one_address(String neighbour) {
        var sessions = sessions(100, 1);
        open(sessions, "2001:db8:0:1::1");
        assertEquals(
                Refusal.TOO_MANY_FROM_ADDRESS,
                sessions.open(SessionKind.POSTERN, neighbour).refusal());
        open(sessions, "2001:db8:0:2::1");
        open(sessions, "192.0.2.1");
        open(sessions, "192.0.2.2");
        open(sessions, "unknown:at all"); // what a proxy may tell
        assertEquals(
                Refusal.TOO_MANY_FROM_ADDRESS,
                sessions.open(SessionKind.POSTERN, "unknown:at all").refusal());
        sessions.stop(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void a_listener_that_is_busy_misses_what_is_more_than_may_wait_for_it(int waiting) throws Exception {
        var limits = PushLimits.defaults().withWaitingListenerCalls(3);
        var sessions = new PushSessions(WAIT, PushOptions.defaults().withLimits(limits), clock::get);
        var busy = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        var heard = new LinkedBlockingQueue<String>();
        sessions.observer().addListener(new PushListener() {
            @Override
            public void opened(PushSession session) {
                busy.countDown();
                try {
                    free.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                heard.add(session.id());
            }
        });
        var opened = new ArrayList<String>();
        opened.add(open(sessions, "a").id());
        busy.await();
        for (int i = 0; i < waiting; i++) {
            opened.add(open(sessions, "a").id());
        }
        free.countDown();
        for (int i = 0; i <= Math.min(waiting, 3); i++) {
            assertEquals(opened.get(i), heard.take());
        }
        assertEquals(open(sessions, "a").id(), heard.take(), "and hears again");
        sessions.stop(Duration.ZERO);
    }

    @Test
    void limits_all_sessions() {
        var sessions = sessions(2, 100);
        open(sessions, "a");
        var second = open(sessions, "b");
        assertEquals(
                Refusal.TOO_MANY, sessions.open(SessionKind.BARE_STREAM, "c").refusal());
        second.application().abort();
        open(sessions, "c");
        sessions.stop(Duration.ZERO);
    }

    @Test
    void finds_a_session_by_its_secret_only() {
        var sessions = sessions(10, 10);
        var session = open(sessions, "a");
        assertSame(session, sessions.find(session.secret()));
        assertNull(sessions.find(session.id()));
        assertNull(sessions.find(session.secret().substring(1)));
        assertNull(sessions.find(""));
        sessions.stop(Duration.ZERO);
    }

    @Test
    void ids_and_secrets_are_never_repeated() {
        var sessions = sessions(2_000, 2_000);
        var seen = new HashSet<String>();
        for (int i = 0; i < 1_000; i++) {
            var session = open(sessions, "a");
            assertTrue(seen.add(session.id()) && seen.add(session.secret()));
            assertEquals(22, session.secret().length(), "128 bits");
        }
        sessions.stop(Duration.ZERO);
    }

    @Test
    void remembers_the_end_of_a_session_for_a_while() {
        var sessions = sessions(10, 10);
        var session = open(sessions, "a");
        clock.set(Duration.ofMinutes(2).toNanos());
        sessions.tick();
        assertTrue(sessions.live().isEmpty());
        var found = sessions.find(session.secret());
        assertNotNull(found);
        var over = found.over();
        assertNotNull(over);
        assertEquals(SessionCodes.EXPIRED, over.status());
        clock.set(Duration.ofMinutes(4).toNanos());
        sessions.tick();
        assertNull(sessions.find(session.secret()));
    }

    @Test
    void remembers_no_bare_websocket() {
        var sessions = sessions(10, 10);
        var session = sessions.open(SessionKind.BARE_WEBSOCKET, "a").session();
        assertNotNull(session);
        session.application().abort();
        assertNull(sessions.find(session.secret()));
    }

    @Test
    void remembers_only_so_many_ends() {
        var sessions = sessions(1, 1);
        var first = open(sessions, "a");
        first.application().abort();
        for (int i = 0; i < 1_005; i++) {
            open(sessions, "a").application().abort();
        }
        assertNotNull(sessions.find(first.secret()));
        var last = open(sessions, "a");
        last.application().abort();
        assertNull(sessions.find(last.secret()), "there is no room to remember it");
    }

    @Test
    void opens_nothing_after_a_stop() {
        var ended = new LinkedBlockingQueue<Integer>();
        var options = PushOptions.defaults().withCloseTimeout(Duration.ofMillis(50));
        var sessions = new PushSessions(
                session -> {
                    session.forEach(message -> {});
                    ended.add(session.closeInfo().orElseThrow().status().code());
                },
                options,
                clock::get);
        open(sessions, "a");
        sessions.stop(Duration.ofSeconds(5));
        assertEquals(1001, ended.poll());
        assertEquals(Refusal.TOO_MANY, sessions.open(SessionKind.POSTERN, "a").refusal());
    }

    private static long closing(PushSessions sessions) {
        return sessions.live().stream()
                .filter(session -> session.readyState() != ReadyState.OPEN)
                .count();
    }

    @Test
    void a_drain_closes_one_session_in_each_part_of_the_window() {
        var sessions = sessions(10, 10);
        for (int i = 0; i < 10; i++) {
            open(sessions, "a");
        }
        assertEquals(10, sessions.drain(Duration.ofSeconds(100)));
        assertEquals(Refusal.TOO_MANY, sessions.open(SessionKind.POSTERN, "a").refusal());
        for (int part = 1; part <= 10; part++) {
            clock.set(Duration.ofSeconds(10L * part).toNanos());
            sessions.tick();
            assertEquals(part, closing(sessions));
        }
        sessions.stop(Duration.ZERO);
    }

    @Test
    void slots_lie_each_in_its_part_and_in_another_order_each_time() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var slots = PushSessions.slots(1_000, 1_000_000, random::nextDouble);
        var sorted = slots.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < 1_000; i++) {
            assertEquals(i, sorted[i] / 1_000, "seed " + seed);
        }
        assertFalse(Arrays.equals(slots, sorted), "seed " + seed);
        assertFalse(Arrays.equals(slots, PushSessions.slots(1_000, 1_000_000, random::nextDouble)), "seed " + seed);
        assertEquals(0, PushSessions.slots(0, 1_000_000, random::nextDouble).length);
    }

    @Test
    void a_window_of_zero_is_over_at_once() {
        var sessions = sessions(10, 10);
        open(sessions, "a");
        open(sessions, "b");
        sessions.drain(Duration.ZERO);
        assertEquals(2, closing(sessions));
        sessions.stop(Duration.ZERO);
    }
}
