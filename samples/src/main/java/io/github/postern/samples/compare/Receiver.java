package io.github.postern.samples.compare;

import io.github.postern.push.PushSession;
import io.github.postern.ws.connection.Message;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/** One client: receives on a thread of its own, and keeps what is to be known of the messages. */
final class Receiver {
    private static final Duration PARTING = Duration.ofSeconds(10);

    private final PushSession session;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch outstanding;
    private final Thread thread;

    // the receiving thread's, until it has ended

    private final DoubleStream.Builder latencies = DoubleStream.builder();
    private final BitSet seen = new BitSet();
    private long first;
    private int newest;
    private long payload;
    private int disordered;

    /**
     * Begins to receive.
     *
     * @param outstanding counted down for each message but the first, which only tells that the client is ready
     */
    Receiver(PushSession session, CountDownLatch outstanding) {
        this.session = session;
        this.outstanding = outstanding;
        this.thread = Thread.ofVirtual().name("receiver").start(this::receive);
    }

    private void receive() {
        for (var message : session) {
            var now = Instant.now();
            if (message instanceof Message.Text text) {
                take(text.text(), ChronoUnit.MICROS.between(Instant.EPOCH, now) / 1000.0);
            }
        }
    }

    private void take(String text, double now) {
        JsonObject message;
        try (var reader = Json.createReader(new StringReader(text))) {
            message = reader.readObject();
        }
        long number = message.getJsonNumber("n").longValue();
        if (first == 0) {
            first = number;
            ready.countDown();
            return;
        }
        int index = (int) (number - first);
        if (index != newest + 1) {
            disordered++;
        }
        newest = index;
        if (!seen.get(index)) {
            seen.set(index);
            latencies.add(now - message.getJsonNumber("sent").doubleValue());
            payload += text.getBytes(StandardCharsets.UTF_8).length;
            outstanding.countDown();
        }
    }

    /** Waits for the first message, and tells whether it came in time. */
    boolean awaitReady(Duration patience) throws InterruptedException {
        return ready.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the session; only then may the results be asked for. */
    void close() throws InterruptedException {
        session.close();
        if (!thread.join(PARTING)) {
            throw new IllegalStateException("a closed session does not end");
        }
    }

    /** The times from sending to receiving, in milliseconds. May be asked for once. */
    DoubleStream latencies() {
        return latencies.build();
    }

    /** How many messages came, each counted once. */
    int delivered() {
        return seen.cardinality();
    }

    /** How many messages were not the one after the message before. */
    int disordered() {
        return disordered;
    }

    /** The bytes of the messages, in UTF-8. */
    long payload() {
        return payload;
    }
}
