package io.github.postern.push;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The transport that the application has asked for, and who waits for that; at most one at a time. For the loop's thread. */
final class RequestedMove {
    private @Nullable CompletableFuture<PushTransport> done;
    private @Nullable PushTransport to;

    /** A new wish takes the place of one that was not fulfilled. */
    void ask(ClientEvent.Move asked, @Nullable PushTransport current) {
        fail(new IOException("another move was asked for"));
        if (current == asked.to()) {
            asked.done().complete(asked.to());
        } else {
            done = asked.done();
            to = asked.to();
        }
    }

    /** A transport carries the session. */
    void carriedBy(PushTransport transport) {
        if (done != null && to == transport) {
            done.complete(transport);
            done = null;
        }
    }

    /** The race goes for that transport, or {@code null}: the wish has failed if that is another one. */
    void wanted(@Nullable PushTransport transport, IOException cause) {
        if (done != null && transport != to) {
            fail(cause);
        }
    }

    /** It has failed, if there is one. */
    void fail(IOException cause) {
        if (done != null) {
            done.completeExceptionally(cause);
            done = null;
        }
        to = null;
    }
}
