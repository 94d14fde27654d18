package io.github.postern.samples.compare;

import io.github.postern.push.ClientPushSession;
import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientListener;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One client: receives on a thread of its own, and counts what arrives. Its first message only tells that it is ready. */
final class Receiver {
    private static final Duration PARTING = Duration.ofSeconds(10);

    private final Inbox inbox;
    private final boolean shown;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final ClientPushSession session;
    private final Thread thread;

    /** The receiving thread's. */
    private long newest;

    /**
     * Connects and begins to receive.
     *
     * @param shown whether its messages, and what happens to it, are shown to who looks on
     */
    Receiver(PushClient.Builder client, Inbox inbox, boolean shown) throws IOException {
        this.inbox = inbox;
        this.shown = shown;
        this.session = client.listener(new Told()).connect();
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
        if (newest == 0) {
            newest = number;
            ready.countDown();
            return;
        }
        if (number <= newest) {
            inbox.disorder();
            return;
        }
        inbox.skip(number - newest - 1);
        newest = number;
        double latency = now - message.getJsonNumber("sent").doubleValue();
        inbox.deliver(latency, text.getBytes(StandardCharsets.UTF_8).length);
        if (shown) {
            inbox.show(new Arrival(number, latency, text(message.getOrDefault("data", JsonValue.NULL))));
        }
    }

    private static String text(JsonValue data) {
        return data instanceof JsonString string ? string.getString() : data.toString();
    }

    /** Waits for the first message, and tells whether it came in time. */
    boolean awaitReady(Duration patience) throws InterruptedException {
        return ready.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What carries the session now. */
    PushTransport transport() {
        return session.transport();
    }

    /** The network is another one than before: there may be a better way. */
    void networkChanged() {
        session.networkChanged();
    }

    /** Ends the session, and waits for what is still received. */
    void close() {
        session.close();
        try {
            thread.join(PARTING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What happens to the session, in words. */
    private final class Told implements PushClientListener {
        @Override
        public void onTransportChange(ClientPushSession told, PushTransport from, PushTransport to) {
            tell("moved from " + Measurement.title(from) + " to " + Measurement.title(to));
        }

        @Override
        public void onInterrupted(ClientPushSession told, IOException cause) {
            tell("connection lost");
        }

        @Override
        public void onResumed(ClientPushSession told, Duration interruption) {
            tell("resumed after " + interruption.toMillis() + " ms, nothing lost");
        }

        @Override
        public void onStateChange(ClientPushSession told, ReadyState state) {
            if (state == ReadyState.CLOSED) {
                told.closeInfo().ifPresent(info -> tell("ended: " + info));
            }
        }

        private void tell(String event) {
            if (shown) {
                inbox.tell(event);
            }
        }
    }
}
