package io.github.postern.push;

import org.jspecify.annotations.Nullable;

/**
 * What a client says when it attaches (PROTOCOL.md §4).
 *
 * @param epoch the number of the attachment
 * @param session the secret, or {@code null} to open a session
 * @param position the client's position
 */
record Hello(long epoch, @Nullable String session, long position) {
    /** Without the secret. */
    @Override
    public String toString() {
        return "Hello[epoch=" + epoch + ", position=" + position + "]";
    }
}
