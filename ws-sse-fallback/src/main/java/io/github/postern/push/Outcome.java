package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why an attachment ended, or a POST was not taken, and so what the client does next (PROTOCOL.md §9). */
sealed interface Outcome {
    /** The network or the other side broke it: attach again, backing off. */
    record Broken(IOException cause) implements Outcome {}

    /** Something on the way does not let this transport through: use another one, or back off. */
    record Refused(IOException cause) implements Outcome {}

    /** The server asks for patience: back off, and not before a time. */
    record Busy(long afterMillis, IOException cause) implements Outcome {}

    /** The server asks to attach again after a time. */
    record Moved(long afterMillis) implements Outcome {}

    /** The server no longer has the session, which ended like that. */
    record Gone(CloseStatus status) implements Outcome {}

    /** The session ends here. */
    record Failed(CloseInfo info) implements Outcome {}

    /**
     * The server does not take the token that was sent.
     *
     * @param token what was sent, or {@code null} if nothing was
     */
    record Unauthorized(@Nullable String token, IOException cause) implements Outcome {
        /** Without the token. */
        @Override
        public String toString() {
            return "Unauthorized[" + cause + "]";
        }
    }

    /** Another attempt has opened the session that goes on, and this one's is closed: attach to that. */
    record Stray() implements Outcome {}

    /** The session is over, and whoever is concerned knows already. */
    record Over() implements Outcome {}
}
