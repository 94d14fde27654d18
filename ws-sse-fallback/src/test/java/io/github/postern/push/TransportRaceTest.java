package io.github.postern.push;

import static io.github.postern.push.PushTransport.LONG_POLLING;
import static io.github.postern.push.PushTransport.SSE;
import static io.github.postern.push.PushTransport.WEBSOCKET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.TransportRace.Action;
import io.github.postern.ws.core.handshake.Headers;
import java.net.CookieManager;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which transport is tried when: PROTOCOL.md §15. Times are milliseconds. */
class TransportRaceTest {
    private static final List<PushTransport> ANY = List.of(PushTransport.values());
    private static final long MEMORY = 1_800_000;
    private static final TransportRace.Timing TIMING = new TransportRace.Timing(1_500, MEMORY, 3_000);

    private final TransportMemory.Entry memory = new TransportMemory().of(endpoint("http://localhost/push"));
    private final TransportRace race = new TransportRace(List.of(WEBSOCKET, SSE, LONG_POLLING), memory, TIMING, 0);

    private static Endpoint endpoint(String uri) {
        return Endpoint.of(URI.create(uri), Headers.of(), new CookieManager(), null);
    }

    private static Action start(int id, PushTransport transport) {
        return new Action.Start(id, transport);
    }

    private static Action stop(int id) {
        return new Action.Stop(id);
    }

    private List<Action> fails(int id, long now) {
        return race.ended(id, false, now, now);
    }

    /** The WebSocket is refused, and SSE carries the session. */
    private void overStream() {
        race.advance(0);
        fails(1, 10);
        race.answered(2, 20);
        assertEquals(SSE, race.current());
    }

    private void overWebSocket() {
        race.advance(0);
        race.answered(1, 10);
        assertEquals(WEBSOCKET, race.current());
    }

    // when to look again

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void what_may_be_tried_since_the_last_look_is_due_at_once(long now) {
        race.advance(0);
        race.answered(1, 5);
        race.ended(1, false, 12, 10); // a nanosecond of patience passes before anybody can look
        assertEquals(Math.max(12, now), race.next(now));
    }

    @Test
    void a_better_transport_that_is_avoided_no_longer_is_due_at_once() {
        overStream();
        long again = 20 + MEMORY;
        assertEquals(again, race.next(20));
        assertEquals(again + 1, race.next(again + 1));
        assertEquals(List.of(start(3, WEBSOCKET)), race.advance(again + 1));
        assertEquals(TransportRace.NEVER, race.next(again + 2), "it is under way");
    }

    // the head start

    @Test
    void an_http_transport_is_started_when_the_head_start_is_over() {
        assertEquals(List.of(start(1, WEBSOCKET)), race.advance(0));
        assertEquals(1_500, race.next(0));
        assertEquals(List.of(), race.advance(1_499));
        assertEquals(List.of(start(2, SSE)), race.advance(1_500));
        assertEquals(List.of(), race.advance(1_501));
    }

    @ParameterizedTest(name = "{0} ms round trip: {1} ms")
    @CsvSource({"1, 1500", "374, 1500", "375, 1500", "376, 1504", "749, 2996", "750, 3000", "751, 3000", "9000, 3000"})
    void the_head_start_is_four_round_trips_within_bounds(long roundTrip, long headStart) {
        memory.measured(roundTrip);
        race.advance(0);
        assertEquals(headStart, race.next(0));
    }

    @Test
    void a_refused_websocket_has_no_head_start() {
        race.advance(0);
        assertEquals(List.of(start(2, SSE)), fails(1, 10));
    }

    @Test
    void the_first_answer_wins_but_a_better_transport_may_still_win_later() {
        race.advance(0);
        race.advance(1_500);
        assertEquals(List.of(), race.answered(2, 1_600));
        assertEquals(SSE, race.current());
        assertEquals(List.of(stop(2)), race.answered(1, 9_000));
        assertEquals(WEBSOCKET, race.current());
    }

    @Test
    void a_worse_transport_is_given_up_when_a_better_one_answers() {
        race.advance(0);
        race.advance(1_500);
        assertEquals(List.of(stop(2)), race.answered(1, 1_600));
        assertEquals(WEBSOCKET, race.current());
    }

    @Test
    void the_next_http_transport_follows_one_that_is_mute_while_the_websocket_lives_on() {
        race.advance(0);
        race.advance(1_500);
        assertEquals(List.of(start(3, LONG_POLLING)), fails(2, 4_500));
        assertEquals(List.of(), race.answered(3, 4_600));
        assertEquals(MEMORY, memory.avoidedFor(SSE, 4_600));
        assertEquals(0, memory.avoidedFor(WEBSOCKET, 4_600));
    }

    @Test
    void everything_that_failed_is_tried_again_after_a_pause() {
        race.advance(0);
        fails(1, 10);
        fails(2, 20);
        assertFalse(race.isExhausted(25));
        assertEquals(List.of(), fails(3, 30));
        assertTrue(race.isExhausted(30));
        race.pauseUntil(500);
        assertFalse(race.isExhausted(30));
        assertEquals(500, race.next(30));
        assertEquals(List.of(), race.advance(499));
        assertEquals(List.of(start(4, WEBSOCKET)), race.advance(500));
    }

    @Test
    void a_server_that_asks_for_patience_is_given_it() {
        race.advance(0);
        assertEquals(List.of(), race.ended(1, false, 5_000, 10));
        assertEquals(5_000, race.next(10));
        assertEquals(List.of(start(2, WEBSOCKET)), race.advance(5_000));
    }

    // what is remembered

    @Test
    void a_transport_that_failed_where_another_got_through_is_tried_again_after_30_minutes() {
        overStream();
        assertEquals(20 + MEMORY, race.next(20));
        assertEquals(List.of(), race.advance(19 + MEMORY));
        assertEquals(List.of(start(3, WEBSOCKET)), race.advance(20 + MEMORY));
        fails(3, 100 + MEMORY);
        assertEquals(100 + 2 * MEMORY, race.next(100 + MEMORY));
        assertEquals(SSE, race.current());
    }

    @Test
    void nothing_is_remembered_of_a_network_that_let_nothing_through() {
        race.advance(0);
        fails(1, 10);
        fails(2, 20);
        fails(3, 30);
        assertEquals(0, memory.avoidedFor(WEBSOCKET, 30));
        assertEquals(0, memory.avoidedFor(LONG_POLLING, 30));
    }

    @Test
    void clients_share_what_they_have_learned_of_an_endpoint() {
        var shared = new TransportMemory();
        shared.of(endpoint("ws://localhost/push")).avoid(WEBSOCKET, MEMORY);
        var second = shared.of(endpoint("http://localhost/push?token=2"));
        var other = shared.of(endpoint("http://localhost/other"));
        assertEquals(List.of(start(1, SSE)), race(second).advance(0));
        assertEquals(List.of(start(1, WEBSOCKET)), race(other).advance(0));
    }

    private static TransportRace race(TransportMemory.Entry memory) {
        return new TransportRace(List.of(WEBSOCKET, SSE, LONG_POLLING), memory, TIMING, 0);
    }

    @Test
    void what_is_avoided_is_better_than_nothing() {
        memory.avoid(WEBSOCKET, MEMORY);
        assertEquals(List.of(start(1, SSE)), race.advance(0));
        assertEquals(List.of(start(2, LONG_POLLING)), fails(1, 10));
        assertEquals(List.of(start(3, WEBSOCKET)), fails(2, 20));
    }

    @Test
    void the_third_attachment_that_dies_at_once_is_the_last_of_its_transport() {
        race.advance(0);
        for (int id = 1; id <= 2; id++) {
            race.answered(id, 10L * id);
            assertEquals(List.of(start(id + 1, WEBSOCKET)), fails(id, 10L * id + 5));
        }
        race.answered(3, 30);
        assertEquals(List.of(start(4, SSE)), fails(3, 35));
        assertEquals(MEMORY, memory.avoidedFor(WEBSOCKET, 35));
    }

    @Test
    void an_attachment_that_brought_something_clears_the_strikes() {
        race.advance(0);
        for (int id = 1; id <= 6; id++) {
            race.answered(id, 10L * id);
            long now = 10L * id + 5;
            assertEquals(List.of(start(id + 1, WEBSOCKET)), race.ended(id, id % 3 == 0, now, now));
        }
    }

    // reconnecting and moving

    @Test
    void a_lost_attachment_is_followed_by_one_after_the_delay() {
        overWebSocket();
        assertEquals(List.of(), race.ended(1, true, 300, 100));
        assertNull(race.current());
        assertEquals(List.of(start(2, WEBSOCKET)), race.advance(300));
        assertEquals(List.of(start(3, SSE)), race.advance(1_800), "with a head start again");
    }

    @Test
    void whoever_closes_does_not_wait_for_the_delay() {
        overWebSocket();
        race.ended(1, true, 20_000, 100);
        assertEquals(List.of(start(2, WEBSOCKET)), race.hurry(200));
    }

    @Test
    void a_move_keeps_the_old_until_the_new_is_answered_and_then_stays_there() {
        overWebSocket();
        assertEquals(List.of(start(2, LONG_POLLING)), race.moveTo(LONG_POLLING, 100));
        assertEquals(WEBSOCKET, race.current());
        assertEquals(List.of(stop(1)), race.answered(2, 200));
        assertEquals(LONG_POLLING, race.current());
        assertEquals(TransportRace.NEVER, race.next(200));
        assertEquals(List.of(), race.advance(10 * MEMORY));
        race.ended(2, true, 300, 300);
        assertEquals(LONG_POLLING, race.wanted());
    }

    @Test
    void a_move_that_fails_leaves_everything_as_it_was() {
        overWebSocket();
        race.moveTo(SSE, 100);
        assertEquals(List.of(), fails(2, 200));
        assertEquals(WEBSOCKET, race.current());
        assertNull(race.wanted());
    }

    @Test
    void a_server_that_asks_is_left_when_it_has_said_and_not_before_the_new_is_answered() {
        overWebSocket();
        assertEquals(List.of(), race.moveAt(1, 700, 100));
        assertEquals(700, race.next(100));
        assertEquals(List.of(), race.advance(699));
        assertEquals(List.of(start(2, WEBSOCKET)), race.advance(700));
        assertEquals(List.of(stop(1)), race.answered(2, 800));
    }

    @Test
    void a_replacement_that_fails_is_tried_again() {
        overWebSocket();
        race.moveAt(1, 100, 100);
        fails(2, 200);
        long again = 200 + TransportRace.REPEAT;
        assertEquals(again, race.next(200));
        assertEquals(List.of(start(3, WEBSOCKET)), race.advance(again));
    }

    @Test
    void a_request_to_move_of_an_attachment_that_was_left_is_old_news() {
        overStream();
        race.moveAt(1, 100, 100);
        assertEquals(List.of(), race.advance(100));
    }

    // network changes

    @Test
    void after_a_change_of_the_network_better_transports_and_the_current_one_are_tried_at_once() {
        overStream();
        assertEquals(List.of(start(3, SSE), start(4, WEBSOCKET)), race.probe(100));
        assertEquals(List.of(stop(2)), race.answered(3, 150));
        assertEquals(List.of(stop(3)), race.answered(4, 200));
        assertEquals(WEBSOCKET, race.current());
    }

    @Test
    void an_attachment_that_does_not_prove_in_time_that_it_lives_is_given_up() {
        overWebSocket();
        race.probe(100);
        assertEquals(3_100, race.next(100));
        assertEquals(List.of(), race.advance(3_099));
        var actions = race.advance(3_100);
        assertEquals(stop(1), actions.getFirst());
        assertNull(race.current());
        assertEquals(List.of(start(3, SSE)), actions.subList(1, actions.size()), "the head start of the other is over");
    }

    @Test
    void a_change_of_the_network_ends_a_pause_and_begins_anew() {
        overWebSocket();
        race.ended(1, true, 20_000, 100);
        assertEquals(List.of(start(2, WEBSOCKET)), race.probe(200));
        assertEquals(List.of(stop(2), start(3, WEBSOCKET)), race.probe(300));
    }

    // anything

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatever_happens_one_attachment_carries_the_session_or_there_is_something_to_wait_for(long seed) {
        var random = new Random(seed);
        long now = 0;
        var world = new Attempts();
        world.perform(race.advance(now));
        for (int i = 0; i < 50_000; i++) {
            now += random.nextInt(2_000);
            world.perform(step(random, world, now));
            if (race.isExhausted(now)) {
                race.pauseUntil(now + random.nextInt(1_000));
            }
            var current = race.current();
            assertTrue(
                    current != null || !world.running.isEmpty() || race.next(now) != TransportRace.NEVER,
                    "stuck at step " + i);
            assertEquals(current != null, world.running.keySet().stream().anyMatch(race::carries), "step " + i);
            assertTrue(world.running.size() <= 5, "step " + i + ": " + world.running);
        }
        assertTrue(world.answers > 1_000, "answers: " + world.answers);
    }

    private List<Action> step(Random random, Attempts world, long now) {
        var ids = List.copyOf(world.running.keySet());
        int id = ids.isEmpty() ? 0 : ids.get(random.nextInt(ids.size()));
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                if (id == 0 || race.carries(id)) {
                    yield race.advance(now);
                }
                world.answers++;
                yield race.answered(id, now);
            }
            case 3, 4 -> {
                world.running.remove(id);
                yield race.ended(id, random.nextBoolean(), now + random.nextInt(3) * 200L, now);
            }
            case 5 -> race.moveTo(ANY.get(random.nextInt(ANY.size())), now);
            case 6 -> race.moveAt(id, now + random.nextInt(3_000), now);
            case 7 -> random.nextInt(10) == 0 ? race.probe(now) : race.hurry(now);
            default -> race.advance(now);
        };
    }

    private static final class Attempts {
        final Map<Integer, PushTransport> running = new HashMap<>();
        final List<Integer> stopped = new ArrayList<>();
        int answers;

        void perform(List<Action> actions) {
            for (var action : actions) {
                switch (action) {
                    case Action.Start begin -> running.put(begin.id(), begin.transport());
                    case Action.Stop stop -> {
                        running.remove(stop.id());
                        stopped.add(stop.id());
                    }
                }
            }
        }
    }
}
