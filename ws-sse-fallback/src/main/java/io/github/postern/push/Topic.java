package io.github.postern.push;

import io.github.postern.ws.connection.BroadcastResult;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.PreparedMessage;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages for all the sessions that have subscribed, whatever carries them. A message is encoded once for each format, however many they are.
 *
 * {@snippet class="io.github.postern.verify.examples.PushExamplesTest" region="topic" :
 * var quotes = Topic.of("quotes", TopicOptions.defaults().withHistoryMessages(100));
 * var server = PushServer.builder()
 *         .path("/push", session -> {
 *             quotes.subscribe(session);
 *             session.forEach(message -> {});
 *         })
 *         .start();
 * quotes.publish("EURUSD 1.0832", SlowConsumer.conflate("EURUSD"));
 * }
 *
 * <p><b>Order.</b> All sessions get the messages of a topic in the same order. A session that subscribes gets what is kept of the history, and then every
 * message that is published, without a gap or one twice.
 *
 * <p><b>Threads.</b> For any thread. The publisher's thread puts the message into each session's queue and wakes whatever writes it; nothing here waits for
 * a client, so a slow session delays nobody. Publishers wait for each other.
 */
public final class Topic {
    private final String name;
    private final TopicOptions options;
    private final LongSupplier clock;
    private final EventQueue events;
    private final List<TopicListener> listeners = new CopyOnWriteArrayList<>();

    /** Held while a message is given to every session, and while one session is given the history: taken before any session's lock. */
    private final ReentrantLock turn = new ReentrantLock();

    /** Guarded by turn. */
    private final TopicHistory history;

    /** Guards the subscribers; taken after any session's lock, since a session may end under that. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Set<ApplicationSession> subscribers = new LinkedHashSet<>();

    /** The subscribers as publishers walk them, {@code null} if they have changed since. */
    private @Nullable List<ApplicationSession> walked;

    private Topic(String name, TopicOptions options, LongSupplier clock) {
        this.name = name;
        this.options = options;
        this.clock = clock;
        this.events = new EventQueue(options.waitingListenerCalls());
        this.history =
                new TopicHistory(options.historyMessages(), options.historyAge().toNanos());
    }

    /**
     * {@return a topic with {@linkplain TopicOptions#defaults default options}}
     *
     * @param name the name of the topic
     */
    public static Topic of(String name) {
        return of(name, TopicOptions.defaults());
    }

    /**
     * {@return a topic}
     *
     * @param name the name of the topic
     * @param options what it keeps and does
     */
    public static Topic of(String name, TopicOptions options) {
        return of(name, options, System::nanoTime);
    }

    static Topic of(String name, TopicOptions options, LongSupplier clock) {
        return new Topic(name, options, clock);
    }

    /** {@return its name} */
    public String name() {
        return name;
    }

    /** {@return what it keeps and does} */
    public TopicOptions options() {
        return options;
    }

    /**
     * Publishes a text, as {@link #publish(PreparedMessage, SlowConsumer)} with the topic's own policy.
     *
     * @param text the text
     * @return how many sessions took it, dropped it, and were closed for it
     * @throws IllegalArgumentException if the text holds an unpaired surrogate
     */
    public BroadcastResult publish(String text) {
        return publish(text, options.slowConsumer());
    }

    /**
     * Publishes a text, as {@link #publish(PreparedMessage, SlowConsumer)}.
     *
     * @param text the text
     * @param policy as for {@link #publish(PreparedMessage, SlowConsumer)}
     * @return how many sessions took it, dropped it, and were closed for it
     * @throws IllegalArgumentException if the text holds an unpaired surrogate
     */
    public BroadcastResult publish(String text, SlowConsumer policy) {
        return publish(PreparedMessage.text(text), policy);
    }

    /**
     * Publishes a binary message, as {@link #publish(PreparedMessage, SlowConsumer)} with the topic's own policy.
     *
     * @param binary the message from position to limit; consumed, and copied
     * @return how many sessions took it, dropped it, and were closed for it
     */
    public BroadcastResult publish(ByteBuffer binary) {
        return publish(PreparedMessage.binary(binary), options.slowConsumer());
    }

    /**
     * Publishes a message to every session that has subscribed, and to the history. Never waits for a client.
     *
     * @param message the message, encoded once for each format
     * @param policy what happens where a session has no room, or, where the message is a value ({@link SlowConsumer#conflate}), which older one it replaces
     *     if that still waits; in the history it replaces it always. A session that can never take it, because the message is longer than {@link
     *     PushLimits#unacknowledgedBytes} there, drops it, or is closed by {@link SlowConsumer#CLOSE}.
     * @return how many sessions took it, dropped it, and were closed for it
     */
    public BroadcastResult publish(PreparedMessage message, SlowConsumer policy) {
        var shared = new SharedMessage(message, policy.key().orElse(null));
        int taken = 0;
        int dropped = 0;
        int closed = 0;
        turn.lock();
        try {
            history.add(shared, clock.getAsLong());
            for (var subscriber : walk()) {
                switch (subscriber.offer(shared, policy)) {
                    case TAKEN -> taken++;
                    case DROPPED -> dropped++;
                    case OVERFLOWN -> closed++;
                }
            }
        } finally {
            turn.unlock();
        }
        return new BroadcastResult(taken, dropped, closed);
    }

    private List<ApplicationSession> walk() {
        lock.lock();
        try {
            if (walked == null) {
                walked = List.copyOf(subscribers);
            }
            return walked;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Subscribes a session, which gets the history first: the newest of it if it has not room for all. The subscription ends with the session.
     *
     * @param session a session of a server
     * @return whether it is subscribed now and was not before; false if it has ended
     * @throws IllegalArgumentException if it is the session of a client
     */
    public boolean subscribe(PushSession session) {
        var subscriber = own(session);
        turn.lock();
        try {
            return subscriber.join(this, history.messages(clock.getAsLong()));
        } finally {
            turn.unlock();
        }
    }

    /** The session does so, under its lock and if it has not ended; false if it is subscribed already. */
    boolean add(ApplicationSession subscriber) {
        lock.lock();
        try {
            if (!subscribers.add(subscriber)) {
                return false;
            }
            walked = null;
            tell(listener -> listener.joined(this, subscriber));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends a subscription. A message that is being published at the same time may still reach the session.
     *
     * @param session the session whose subscription ends
     * @return whether it was subscribed
     * @throws IllegalArgumentException if it is the session of a client
     */
    public boolean unsubscribe(PushSession session) {
        return own(session).leave(this);
    }

    /** The session does so, under its lock. */
    boolean remove(ApplicationSession subscriber) {
        lock.lock();
        try {
            if (!subscribers.remove(subscriber)) {
                return false;
            }
            walked = null;
            tell(listener -> listener.left(this, subscriber));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void tell(Consumer<TopicListener> event) {
        for (var listener : listeners) {
            events.add(() -> event.accept(listener));
        }
    }

    private static ApplicationSession own(PushSession session) {
        if (session instanceof ApplicationSession subscriber) {
            return subscriber;
        }
        throw new IllegalArgumentException("not a session of a server: " + session);
    }

    /** {@return the sessions that are subscribed, in the order of their subscribing; a snapshot} Those whose clients are away are among them. */
    public List<PushSession> subscribers() {
        lock.lock();
        try {
            return List.copyOf(subscribers);
        } finally {
            lock.unlock();
        }
    }

    /**
     * From now on the listener hears who comes and goes.
     *
     * @param listener is told; several may be added
     */
    public void addListener(TopicListener listener) {
        listeners.add(listener);
    }

    @Override
    public String toString() {
        return "Topic[" + name + ", " + subscribers().size() + " subscribers]";
    }
}
