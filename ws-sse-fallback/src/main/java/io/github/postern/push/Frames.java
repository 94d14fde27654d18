package io.github.postern.push;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client's WebSocket writes next, in the order of the components.
 *
 * @param pongs the data of pings to answer
 * @param ack the position to acknowledge, or {@link Batch#NO_ACK}
 * @param entry a message, or {@code null}
 * @param close the close behind the last message, or {@code null}
 * @param token the token that renews the credentials, or {@code null}
 */
record Frames(
        List<String> pongs,
        long ack,
        ReplayLog.@Nullable Entry entry,
        Batch.@Nullable Close close,
        @Nullable String token) {
    /** Without the payload and the token. */
    @Override
    public String toString() {
        return "Frames[ack=" + ack + ", number=" + (entry == null ? "none" : entry.number()) + ", close=" + close + "]";
    }
}
