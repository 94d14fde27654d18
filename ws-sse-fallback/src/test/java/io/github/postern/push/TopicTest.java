package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.BroadcastResult;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One message to many sessions: order, history, presence. */
@Timeout(30)
class TopicTest {
    private static final Carrier NO_CARRIER = new Carrier() {
        @Override
        public void wake() {}

        @Override
        public void cut() {}
    };

    private final AtomicLong clock = new AtomicLong();

    private static LiveSession session(int messages) {
        var limits = PushLimits.defaults().withUnacknowledged(messages, 100_000);
        return new LiveSession(
                "id",
                "S3cret",
                SessionKind.POSTERN,
                PushOptions.defaults().withLimits(limits),
                ReplayBudget.unlimited(),
                new SessionObserver(1),
                System::nanoTime,
                s -> {});
    }

    private static List<String> texts(LiveSession session) {
        var taken = assertInstanceOf(AttachResult.Taken.class, session.attach(1, PushTransport.POLLING, 0, NO_CARRIER));
        var batch = session.take(taken.attachment());
        return batch == null
                ? List.of()
                : batch.entries().stream()
                        .map(entry -> ((Message.Text) entry.message()).text())
                        .toList();
    }

    private static BroadcastResult taken(int count) {
        return new BroadcastResult(count, 0, 0);
    }

    @Test
    void a_message_goes_to_those_who_have_subscribed() {
        var topic = Topic.of("t");
        var one = session(10);
        var other = session(10);
        assertEquals(taken(0), topic.publish("nobody"));
        assertTrue(topic.subscribe(one.application()));
        assertFalse(topic.subscribe(one.application()), "twice");
        assertTrue(topic.subscribe(other.application()));
        assertEquals(taken(2), topic.publish("both"));
        assertTrue(topic.unsubscribe(one.application()));
        assertFalse(topic.unsubscribe(one.application()));
        assertEquals(taken(1), topic.publish("one"));
        assertEquals(List.of("both"), texts(one));
        assertEquals(List.of("both", "one"), texts(other));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void history_is_the_last_messages(int published) {
        var topic = Topic.of("t", TopicOptions.defaults().withHistoryMessages(3));
        for (int n = 1; n <= published; n++) {
            topic.publish("m" + n);
        }
        var late = session(10);
        assertTrue(topic.subscribe(late.application()));
        topic.publish("live");
        var expected = new ArrayList<String>();
        for (int n = Math.max(1, published - 2); n <= published; n++) {
            expected.add("m" + n);
        }
        expected.add("live");
        assertEquals(expected, texts(late));
    }

    @ParameterizedTest
    @CsvSource({"9, 1", "10, 0", "11, 0"})
    void history_is_no_older_than_its_age(long nanosLater, int kept) {
        var options = TopicOptions.defaults().withHistoryMessages(3).withHistoryAge(Duration.ofNanos(10));
        var topic = Topic.of("t", options, clock::get);
        topic.publish("old");
        clock.addAndGet(nanosLater);
        var late = session(10);
        assertTrue(topic.subscribe(late.application()));
        assertEquals(kept, late.application().bufferedAmount() / 3);
    }

    @Test
    void history_has_the_last_value_of_each_key() {
        var topic = Topic.of("t", TopicOptions.defaults().withHistoryMessages(10));
        topic.publish("e1", SlowConsumer.conflate("EUR"));
        topic.publish("d1", SlowConsumer.conflate("USD"));
        topic.publish("e2", SlowConsumer.conflate("EUR"));
        var late = session(10);
        assertTrue(topic.subscribe(late.application()));
        assertEquals(List.of("d1", "e2"), texts(late));
    }

    @Test
    void a_session_with_too_little_room_gets_the_newest_of_the_history() {
        var topic = Topic.of("t", TopicOptions.defaults().withHistoryMessages(10));
        for (int n = 1; n <= 5; n++) {
            topic.publish("m" + n);
        }
        var late = session(3);
        assertTrue(topic.subscribe(late.application()));
        assertEquals(List.of("m3", "m4", "m5"), texts(late));
    }

    @Test
    void a_session_without_room_is_closed_or_misses_as_the_policy_says() {
        var topic = Topic.of("t");
        var slow = session(1);
        assertTrue(topic.subscribe(slow.application()));
        assertEquals(taken(1), topic.publish("1"));
        assertEquals(new BroadcastResult(0, 1, 0), topic.publish("2", SlowConsumer.DROP_NEWEST));
        assertEquals(taken(1), topic.publish("3", SlowConsumer.DROP_OLDEST));
        assertEquals(new BroadcastResult(0, 0, 1), topic.publish("4"));
        assertEquals(4507, slow.application().closeInfo().orElseThrow().status().code());
        assertEquals(List.of(), topic.subscribers(), "the subscription ends with the session");
        assertEquals(List.of("3"), texts(slow));
        assertFalse(topic.subscribe(slow.application()));
    }

    @Test
    void listeners_hear_who_comes_and_goes() throws Exception {
        var topic = Topic.of("t");
        var heard = new LinkedBlockingQueue<String>();
        topic.addListener(new TopicListener() {
            @Override
            public void joined(Topic joinedTopic, PushSession session) {
                heard.add("joined " + joinedTopic.name());
                throw new AssertionError("a listener's fault is its own, also one that is no exception");
            }

            @Override
            public void left(Topic leftTopic, PushSession session) {
                heard.add("left " + leftTopic.name());
            }
        });
        var one = session(10);
        assertTrue(topic.subscribe(one.application()));
        assertEquals("joined t", heard.take());
        assertEquals(List.of(one.application()), topic.subscribers());
        one.application().abort();
        assertEquals("left t", heard.take());
    }

    /** Subscribers come while two threads publish: each gets a tail of the one order, and nothing twice. */
    @Test
    void late_joiners_get_history_and_live_messages_without_gap_or_repetition() throws Exception {
        var topic = Topic.of("t", TopicOptions.defaults().withHistoryMessages(20));
        var whole = session(10_000);
        assertTrue(topic.subscribe(whole.application()));
        var started = new CountDownLatch(2);
        var publishers = new ArrayList<Thread>();
        for (int p = 0; p < 2; p++) {
            var name = "p" + p + " ";
            publishers.add(Thread.ofPlatform().start(() -> {
                started.countDown();
                for (int n = 0; n < 4_000; n++) {
                    topic.publish(name + n);
                }
            }));
        }
        started.await();
        var late = new ArrayList<LiveSession>();
        for (int i = 0; i < 100; i++) {
            var session = session(10_000);
            late.add(session);
            assertTrue(topic.subscribe(session.application()));
        }
        for (var publisher : publishers) {
            publisher.join();
        }
        var all = texts(whole);
        assertEquals(8_000, all.size());
        for (var session : late) {
            var got = texts(session);
            assertEquals(all.subList(all.size() - got.size(), all.size()), got);
        }
    }

    @Test
    void names_stand_for_topics_of_a_server() throws Exception {
        try (var server =
                PushServer.builder().path("/push", s -> s.forEach(m -> {})).start()) {
            var topic = server.topic("t", TopicOptions.defaults().withHistoryMessages(1));
            assertEquals(topic, server.topic("t"));
            assertThrows(IllegalStateException.class, () -> server.topic("t", TopicOptions.defaults()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_transport_carries_what_is_published(PushTransport transport) throws Exception {
        var topic = Topic.of("t");
        var joined = new CountDownLatch(1);
        try (var server = PushServer.builder()
                        .path("/push", session -> {
                            assertTrue(topic.subscribe(session));
                            joined.countDown();
                            session.forEach(message -> {});
                        })
                        .start();
                var client = PushClient.builder(URI.create("http://localhost:" + server.port() + "/push"))
                        .transport(transport)
                        .options(PushClientOptions.defaults().withPollInterval(Duration.ofMillis(10)))
                        .connect()) {
            joined.await();
            assertThrows(IllegalArgumentException.class, () -> topic.subscribe(client));
            assertEquals(taken(1), topic.publish("text\nof two lines"));
            assertEquals(taken(1), topic.publish(ByteBuffer.wrap(new byte[] {7})));
            assertEquals(new Message.Text("text\nof two lines"), client.receive());
            assertEquals(new Message.Binary(ByteBuffer.wrap(new byte[] {7})), client.receive());
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 1, 1", "100001, 1, 1", "0, 0, 1", "0, 31536001, 1", "0, 1, 0", "0, 1, 1073741825"})
    void options_have_ranges(int messages, long ageSeconds, int calls) {
        var age = Duration.ofSeconds(ageSeconds);
        assertThrows(IllegalArgumentException.class, () -> new TopicOptions(messages, age, SlowConsumer.CLOSE, calls));
    }

    @Test
    void options_take_the_ends_of_their_ranges() {
        var year = Duration.ofDays(365);
        var most = new TopicOptions(100_000, year, SlowConsumer.CLOSE, 1 << 30);
        var least = new TopicOptions(0, Duration.ofNanos(1), SlowConsumer.CLOSE, 1);
        assertEquals(
                most, least.withHistoryMessages(100_000).withHistoryAge(year).withWaitingListenerCalls(1 << 30));
        assertEquals(new TopicOptions(0, year, SlowConsumer.CLOSE, 10_000), TopicOptions.defaults());
    }

    @Test
    void a_publisher_that_names_no_policy_has_that_of_the_topic() {
        var dropping = TopicOptions.defaults().withSlowConsumer(SlowConsumer.DROP_NEWEST);
        assertEquals(SlowConsumer.DROP_NEWEST, dropping.slowConsumer());
        var topic = Topic.of("t", dropping);
        var session = session(1);
        topic.subscribe(session.application());
        assertEquals(taken(1), topic.publish("first"));
        assertEquals(new BroadcastResult(0, 1, 0), topic.publish("second"));
        assertEquals(new BroadcastResult(0, 1, 0), topic.publish(ByteBuffer.wrap(new byte[1])));
        assertEquals(new BroadcastResult(0, 0, 1), topic.publish("third", SlowConsumer.CLOSE));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void a_listener_that_is_busy_misses_what_is_more_than_may_wait_for_it(int joining) throws Exception {
        var topic = Topic.of("t", TopicOptions.defaults().withWaitingListenerCalls(3));
        var busy = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        var heard = new LinkedBlockingQueue<PushSession>();
        topic.addListener(new TopicListener() {
            @Override
            public void joined(Topic where, PushSession session) {
                heard.add(session);
                busy.countDown();
                try {
                    free.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        topic.subscribe(session(1).application());
        busy.await();
        var sessions = new ArrayList<PushSession>();
        for (int i = 0; i < joining; i++) {
            sessions.add(session(1).application());
            topic.subscribe(sessions.getLast());
        }
        free.countDown();
        heard.take();
        for (int i = 0; i < Math.min(joining, 3); i++) {
            assertEquals(sessions.get(i), heard.take());
        }
        var last = session(1).application();
        topic.subscribe(last);
        assertEquals(last, heard.take(), "and hears again");
    }
}
