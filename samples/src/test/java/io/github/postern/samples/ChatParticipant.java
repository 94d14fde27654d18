package io.github.postern.samples;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.Message;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Somebody in the chat who does what its page does: when a session has ended, opens another one, asks for what was missed, and says again what was not confirmed. */
final class ChatParticipant implements AutoCloseable {
    private static final PushClientOptions OPTIONS =
            PushClientOptions.defaults().withPollInterval(Duration.ofMillis(100));

    private final URI uri;
    private final PushTransport transport;
    private final String name;
    private final Thread thread;
    private final CountDownLatch left = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final List<String> heard = new ArrayList<>();
    private final Map<String, String> pending = new LinkedHashMap<>();
    private final List<Integer> endings = new ArrayList<>();
    private @Nullable PushSession session;
    private long newest;
    private int joined;
    private boolean incomplete;

    ChatParticipant(URI uri, PushTransport transport, String name) {
        this.uri = uri;
        this.transport = transport;
        this.name = name;
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    private void run() {
        while (left.getCount() > 0) {
            try (var push = PushClient.builder(uri)
                    .transport(transport)
                    .options(OPTIONS)
                    .connect()) {
                enter(push);
                for (var message : push) {
                    hear(((Message.Text) message).text());
                }
                push.closeInfo().ifPresent(info -> ended(info.status().code()));
            } catch (IOException e) {
                waitABit(); // there is no server at the moment
            }
        }
    }

    private void waitABit() {
        try {
            var unused = left.await(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void enter(PushSession push) throws IOException {
        lock.lock();
        try {
            push.send(Json.createObjectBuilder()
                    .add("join", "lobby")
                    .add("name", name)
                    .add("after", newest)
                    .build()
                    .toString());
            for (var say : pending.entrySet()) {
                push.send(said(say.getKey(), say.getValue()));
            }
            session = push;
        } finally {
            lock.unlock();
        }
    }

    private void hear(String json) {
        var object = object(json);
        lock.lock();
        try {
            if (object.containsKey("said")) {
                pending.remove(object.getString("id"));
                heard.add(object.getString("id"));
                newest = object.getJsonNumber("at").longValue();
            } else if (object.containsKey("joined")) {
                joined++;
                incomplete |= !object.getBoolean("complete");
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void ended(int code) {
        lock.lock();
        try {
            session = null;
            endings.add(code);
        } finally {
            lock.unlock();
        }
    }

    static JsonObject object(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    static String said(String id, String text) {
        return Json.createObjectBuilder().add("say", text).add("id", id).build().toString();
    }

    void say(String id, String text) {
        lock.lock();
        try {
            pending.put(id, text);
            if (session != null) {
                session.send(said(id, text));
            }
        } catch (IOException e) {
            // the session has just ended: it is said again in the next one
            session = null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it has heard so many messages. */
    void awaitHeard(int count, Duration patience) throws InterruptedException {
        await(count, patience, heard::size, "messages heard");
    }

    void awaitJoined(int count, Duration patience) throws InterruptedException {
        await(count, patience, () -> joined, "times joined");
    }

    private void await(int count, Duration patience, IntSupplier value, String what) throws InterruptedException {
        long rest = patience.toNanos();
        lock.lock();
        try {
            while (value.getAsInt() < count) {
                if (rest <= 0) {
                    throw new AssertionError(name + ": " + value.getAsInt() + " of " + count + " " + what
                            + ", ended by " + endings + ", unconfirmed " + pending.size());
                }
                rest = changed.awaitNanos(rest);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The ids of what it has heard, in order. */
    List<String> heard() {
        lock.lock();
        try {
            return List.copyOf(heard);
        } finally {
            lock.unlock();
        }
    }

    /** The codes by which its sessions have ended. */
    List<Integer> endings() {
        lock.lock();
        try {
            return List.copyOf(endings);
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was told that something is no longer kept. */
    boolean hasGap() {
        lock.lock();
        try {
            return incomplete;
        } finally {
            lock.unlock();
        }
    }

    /** Leaves without a word. */
    @Override
    public void close() {
        left.countDown();
        lock.lock();
        try {
            if (session != null) {
                session.abort();
            }
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }
}
