package io.github.postern.push;

import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells a listener what happens, in order, on a thread of its own that lives as long as the session. Told by one thread. */
final class SessionEvents {
    private static final System.Logger LOG = System.getLogger(SessionEvents.class.getName());
    static final int MAX_WAITING = 1_000;

    private final @Nullable PushClientListener listener;
    private final LinkedBlockingQueue<Consumer<PushClientListener>> waiting = new LinkedBlockingQueue<>();
    private volatile @Nullable Consumer<PushClientListener> last;

    /** The teller's thread only. */
    private boolean overflowed;

    /** Does nothing at all without a listener. */
    SessionEvents(@Nullable PushClientListener listener) {
        this.listener = listener;
    }

    /** Starts the thread, if it is needed. */
    void start() {
        var target = listener;
        if (target != null) {
            Thread.ofVirtual().name("postern-push-client-events").start(() -> tell(target));
        }
    }

    /** Has something told, unless far too much waits already. */
    void add(Consumer<PushClientListener> event) {
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

    /** Has the last event told; then the thread ends. */
    void addLast(Consumer<PushClientListener> event) {
        if (listener != null) {
            last = event;
            waiting.add(event);
        }
    }

    private void tell(PushClientListener target) {
        try {
            Consumer<PushClientListener> event;
            do {
                event = waiting.take();
                try {
                    event.accept(target);
                } catch (RuntimeException e) {
                    LOG.log(Level.WARNING, "the listener failed", e);
                }
            } while (event != last);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody but the listener can have asked for that
        }
    }
}
