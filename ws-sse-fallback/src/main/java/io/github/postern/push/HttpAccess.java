package io.github.postern.push;

import org.jspecify.annotations.Nullable;

/** What the HTTP transports of one session share: the link, and the one that POSTs. Nothing of it exists before its first use. For the
 * loop's thread. */
final class HttpAccess {
    private final Endpoint endpoint;
    private final GuardedState state;
    private final PushClientOptions options;
    private final TokenSource tokens;
    private final Backoff backoff;
    private @Nullable HttpLink link;
    private @Nullable Worker poster;

    HttpAccess(Endpoint endpoint, GuardedState state, PushClientOptions options, TokenSource tokens, Backoff backoff) {
        this.endpoint = endpoint;
        this.state = state;
        this.options = options;
        this.tokens = tokens;
        this.backoff = backoff;
    }

    /** The link; from now on messages to the server are POSTed while no WebSocket carries the session. */
    HttpLink link() {
        if (link == null) {
            link = new HttpLink(endpoint, tokens, options.connectTimeout());
            var work = new Poster(state, link, tokens, backoff);
            poster = Worker.start("postern-push-client-poster", work::run, work::failed);
        }
        return link;
    }

    /** Says the last word, if one is owed, and releases everything. */
    void close() {
        if (poster != null) {
            poster.stop();
        }
        if (link == null) {
            return;
        }
        try {
            var ack = state.change(ClientState::finalPost);
            if (ack != null && !Thread.currentThread().isInterrupted()) {
                Poster.acknowledgeClose(link, ack, options.closeTimeout().toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // aborted: nothing more is said
        } finally {
            link.close();
        }
    }
}
