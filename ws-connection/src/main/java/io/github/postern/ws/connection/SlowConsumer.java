package io.github.postern.ws.connection;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Connection#trySend} does with a message for a peer that does not take its messages as fast as they are sent. Until as much waits as
 * the connection allows, all of them but {@link #conflate} let it wait: for a WebSocket that is {@link ConnectionOptions#unsentBytes} and {@link
 * ConnectionOptions#unsentMessages}.
 */
public final class SlowConsumer {
    /** The new message is not sent: for events of which the first matter. */
    public static final SlowConsumer DROP_NEWEST = new SlowConsumer("DROP_NEWEST", null);

    /** The messages that have waited longest make room: for events of which the last matter. */
    public static final SlowConsumer DROP_OLDEST = new SlowConsumer("DROP_OLDEST", null);

    /** The connection is closed with 1013 (try again later), a push session with 4507: for messages of which none may be missed. */
    public static final SlowConsumer CLOSE = new SlowConsumer("CLOSE", null);

    private final String name;
    private final @Nullable Object key;

    private SlowConsumer(String name, @Nullable Object key) {
        this.name = name;
        this.key = key;
    }

    /**
     * The new message takes the place of one that is waiting and was sent with an equal key: for values, of which only the latest matters. If there is
     * none and no room either, the messages that have waited longest make room.
     *
     * @param key what the value is of, for instance a symbol whose price is sent; compared by {@code equals}
     * @return the policy
     */
    public static SlowConsumer conflate(Object key) {
        return new SlowConsumer("CONFLATE", key);
    }

    /** {@return what the value is of; empty if nothing is conflated} */
    public Optional<Object> key() {
        return Optional.ofNullable(key);
    }

    /** As {@link #key()}, null if nothing is conflated. */
    @Nullable
    Object keyOrNull() {
        return key;
    }

    @Override
    public String toString() {
        return key == null ? name : name + '(' + key + ')';
    }
}
