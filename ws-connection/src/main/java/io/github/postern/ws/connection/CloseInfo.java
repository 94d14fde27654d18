package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a connection ended: who began, what each side said, and what went wrong if something did.
 *
 * @param status what the application is told, as the browser's {@code CloseEvent} would say it: the peer's status if
 *     the peer sent one, 1005 if the peer closed without one, 1006 if the connection was lost or aborted, or was failed over something the peer
 *     did (RFC 6455 §7.1.5). A push session may also end with a code that the peer did not send, as 4408 when the client did not come back
 * @param initiator who began the end
 * @param sent the status of the Close frame that this side sent, or {@code null} if it sent none
 * @param received the status of the Close frame that the peer sent, or {@code null} if none arrived
 * @param cause what broke the connection, or {@code null} if it ended by a closing handshake or by {@link Connection#abort}
 */
public record CloseInfo(
        CloseStatus status,
        Initiator initiator,
        @Nullable CloseStatus sent,
        @Nullable CloseStatus received,
        @Nullable Throwable cause) {

    /** Who began to end a connection. */
    public enum Initiator {
        /** This side: the application closed or aborted, or this side failed the connection over something the peer did. */
        LOCAL,

        /** The peer sent a Close frame first. */
        REMOTE,

        /** Neither side said anything: the network, or a peer that vanished, ended the connection. */
        NETWORK
    }

    /** {@return whether both sides sent a Close frame, which is the browser's {@code wasClean}} */
    public boolean clean() {
        return sent != null && received != null;
    }

    /** {@return what broke the connection, if anything did} */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(cause);
    }

    @Override
    public String toString() {
        return (clean() ? "closed " : "lost ") + status + " by "
                + initiator.name().toLowerCase(Locale.ROOT) + (cause == null ? "" : ": " + cause.getMessage());
    }
}
