package io.github.postern.push;

import java.util.concurrent.CompletableFuture;

/** What the {@link ClientLoop} is told by the other threads of a session. */
sealed interface ClientEvent {
    /** The server has answered an attach. */
    record Answered(int id) implements ClientEvent {}

    /** An attachment, or an attempt at one, has ended. */
    record Ended(int id, Outcome outcome) implements ClientEvent {}

    /** The server asks to attach anew after so many milliseconds, and serves the attachment until then. */
    record AskedToMove(int id, long afterMillis) implements ClientEvent {}

    /** The application asks for a transport. */
    record Move(PushTransport to, CompletableFuture<PushTransport> done) implements ClientEvent {}

    /** The application says that the network has changed. */
    record NetworkChanged() implements ClientEvent {}

    /** The application closes. */
    record Closing() implements ClientEvent {}

    /** The session drains, is over, or has another token: to be looked at. */
    record Changed() implements ClientEvent {}
}
