package io.github.postern.samples.compare;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the two directions of one connection tell each other: which request a response belongs to. */
final class Exchanges {
    /** What is to be known of a request when its response comes. */
    enum Kind {
        ORDINARY,
        /** A POST without a message: it only acknowledges. */
        ACKNOWLEDGEMENT
    }

    private final Queue<Kind> unanswered = new ConcurrentLinkedQueue<>();
    private volatile boolean upgraded;

    void request(Kind kind) {
        unanswered.add(kind);
    }

    /** The kind of the request that is answered now. */
    Kind response() {
        var kind = unanswered.poll();
        return kind == null ? Kind.ORDINARY : kind;
    }

    /** From now on the connection is a WebSocket. */
    void upgrade() {
        upgraded = true;
    }

    boolean isUpgraded() {
        return upgraded;
    }
}
