package io.github.postern.push;

/** What became of a request to receive (PROTOCOL.md §4, §5). */
sealed interface AttachResult {
    /** It is the session's attachment now. */
    record Taken(Attachment attachment) implements AttachResult {}

    /** The session has an attachment of this epoch, or an older one was asked for. */
    record Fenced(long epoch) implements AttachResult {}

    /** The client's position is none that a correct client has. */
    record BadPosition() implements AttachResult {}

    /** The session has ended. */
    record Over(Batch.Close close) implements AttachResult {}
}
