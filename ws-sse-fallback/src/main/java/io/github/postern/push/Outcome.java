package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;

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

    /** The session is over, and whoever is concerned knows already. */
    record Over() implements Outcome {}
}
