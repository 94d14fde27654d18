package io.github.postern.push;

import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Long polling and polling: responses that end after the first batch of messages, or at once (PROTOCOL.md §6). The attachment is the
 * series of them; it ends with the first that is not answered completely.
 */
final class ClientPolls implements ClientTransport {
    /** What part of the expiry may pass without a poll while the application does not keep up. */
    private static final int EXPIRY_FRACTION = 4;

    private final Downlink session;
    private final HttpLink link;
    private final TokenSource tokens;
    private final PushClientOptions options;
    private final PushTransport kind;

    ClientPolls(Downlink session, HttpLink link, TokenSource tokens, PushClientOptions options, PushTransport kind) {
        this.session = session;
        this.link = link;
        this.tokens = tokens;
        this.options = options;
        this.kind = kind;
    }

    @Override
    public Outcome carry() throws InterruptedException {
        var intake = new RecordIntake(session, options.maxMessageSize());
        try {
            var token = tokens.value(); // which may take its time, so that nothing is under way meanwhile
            var outcome = Refusal.withToken(token, poll(session.hello(kind), intake));
            while (outcome == null) {
                pause();
                if (session.isOver()) {
                    return new Outcome.Over();
                }
                token = tokens.value();
                outcome = Refusal.withToken(token, poll(session.nextPoll(), intake));
            }
            return outcome;
        } catch (IOException e) {
            return new Outcome.Broken(e);
        }
    }

    private void pause() throws InterruptedException {
        if (kind == PushTransport.POLLING) {
            session.pause(options.pollInterval().toNanos());
        }
        session.awaitKeepingUp(session.expiryNanos() / EXPIRY_FRACTION);
    }

    private @Nullable Outcome poll(Hello hello, RecordIntake intake) throws IOException, InterruptedException {
        boolean attaching = !intake.isAttached();
        long patience = attaching ? options.connectTimeout().toNanos() : session.silenceNanos();
        long deadline = System.nanoTime() + patience;
        var response = link.get(hello, kind, patience);
        try {
            var refusal = HttpLink.refusal(response, hello.epoch(), deadline - System.nanoTime());
            if (refusal != null) {
                return refusal;
            }
            var secret = response.headers().firstValue(PushHeaders.SESSION);
            if (attaching && !session.opened(secret)) {
                link.closeStray(secret.orElseThrow(), hello.epoch(), patience);
                return new Outcome.Stray();
            }
            intake.nextResponse();
            var feed = response.body();
            for (var bytes = feed.next(patience); bytes != null; bytes = feed.next(patience)) {
                var outcome = intake.take(bytes);
                if (outcome != null) {
                    return outcome;
                }
            }
        } finally {
            response.body().cancel();
        }
        if (!intake.isAttached() || intake.inRecord()) {
            return new Outcome.Broken(new EOFException("the response ended too early"));
        }
        return null;
    }
}
