package io.github.postern.push;

import io.github.postern.ws.connection.ReadyState;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Tells a listener what happens, in order, on a thread of its own that lives as long as the session. Told by one thread. */
final class SessionEvents {
    private static final System.Logger LOG = System.getLogger(SessionEvents.class.getName());

    /** More than these waiting, and further ones are left out. */
    static final int MAX_WAITING = 1_000;

    @FunctionalInterface
    private interface Event {
        void tell(PushClientListener listener, ClientPushSession session);
    }

    private final @Nullable PushClientListener listener;
    private final LinkedBlockingQueue<Event> waiting = new LinkedBlockingQueue<>();
    private volatile @Nullable Event last;

    /** The teller's thread only. */
    private boolean overflowed;

    /** Does nothing at all without a listener. */
    SessionEvents(@Nullable PushClientListener listener) {
        this.listener = listener;
    }

    /** Starts the thread, if it is needed, for this session as its application sees it. */
    void start(ClientPushSession session) {
        var target = listener;
        if (target != null) {
            Thread.ofVirtual().name("postern-push-client-events").start(() -> tell(target, session));
        }
    }

    /** The session is in another state; after {@code CLOSED} nothing more is told, and the thread ends. */
    void stateChanged(ReadyState state) {
        Event event = (l, session) -> l.onStateChange(session, state);
        if (state == ReadyState.CLOSED && listener != null) {
            last = event;
            waiting.add(event); // this one always
        } else {
            add(event);
        }
    }

    void transportChanged(PushTransport from, PushTransport to) {
        add((l, session) -> l.onTransportChange(session, from, to));
    }

    void interrupted(IOException cause) {
        add((l, session) -> l.onInterrupted(session, cause));
    }

    void resumed(Duration interruption) {
        add((l, session) -> l.onResumed(session, interruption));
    }

    /** Has something told, unless far too much waits already. */
    private void add(Event event) {
        if (listener == null) {
            return;
        }
        if (waiting.size() < MAX_WAITING) {
            overflowed = false;
            waiting.add(event);
        } else if (!overflowed) {
            overflowed = true;
            LOG.log(Level.WARNING, "{0} events wait for {1}: further ones are left out", MAX_WAITING, listener);
        }
    }

    private void tell(PushClientListener target, ClientPushSession session) {
        try {
            Event event;
            do {
                event = waiting.take();
                try {
                    event.tell(target, session);
                } catch (RuntimeException | Error e) {
                    LOG.log(Level.WARNING, "the listener failed", e);
                }
            } while (event != last);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody but the listener can have asked for that
        }
    }
}
