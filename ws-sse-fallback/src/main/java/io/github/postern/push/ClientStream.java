package io.github.postern.push;

import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Server-Sent Events: one response that does not end (PROTOCOL.md §6). */
final class ClientStream implements ClientTransport {
    private final Downlink session;
    private final HttpLink link;
    private final TokenSource tokens;
    private final PushClientOptions options;
    private final Duration attachTimeout;

    /**
     * A stream that is not asked for yet.
     *
     * @param attachTimeout how long its first record may take: a proxy that holds back the response holds back everything
     */
    ClientStream(
            Downlink session, HttpLink link, TokenSource tokens, PushClientOptions options, Duration attachTimeout) {
        this.session = session;
        this.link = link;
        this.tokens = tokens;
        this.options = options;
        this.attachTimeout = attachTimeout;
    }

    @Override
    public Outcome carry() throws InterruptedException {
        HttpResponse<ByteFeed> response;
        long deadline;
        Hello hello;
        @Nullable String token;
        try {
            token = tokens.value();
            hello = session.hello(PushTransport.SSE);
            deadline = System.nanoTime() + attachTimeout.toNanos();
            response = link.get(hello, PushTransport.SSE, deadline - System.nanoTime());
        } catch (IOException e) {
            return new Outcome.Broken(e);
        }
        try {
            var refusal = HttpLink.refusal(response, hello.epoch(), deadline - System.nanoTime());
            if (refusal != null) {
                return Objects.requireNonNull(Refusal.withToken(token, refusal));
            }
            var secret = response.headers().firstValue(PushHeaders.SESSION);
            if (!session.opened(secret)) {
                link.closeStray(secret.orElseThrow(), hello.epoch(), attachTimeout.toNanos());
                return new Outcome.Stray();
            }
            return read(response.body(), deadline);
        } catch (IOException e) {
            return new Outcome.Broken(e);
        } finally {
            response.body().cancel();
        }
    }

    private Outcome read(ByteFeed feed, long deadline) throws IOException, InterruptedException {
        var intake = new RecordIntake(session, options.maxMessageSize());
        while (true) {
            var bytes = feed.next(intake.isAttached() ? session.silenceNanos() : deadline - System.nanoTime());
            if (bytes == null) {
                return new Outcome.Broken(new EOFException("the server ended the stream"));
            }
            var outcome = intake.take(bytes);
            if (outcome != null) {
                return outcome;
            }
        }
    }
}
