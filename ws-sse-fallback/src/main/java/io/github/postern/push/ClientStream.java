package io.github.postern.push;

import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse;

/** Server-Sent Events: one response that does not end (PROTOCOL.md §6). */
final class ClientStream implements ClientTransport {
    private final Downlink session;
    private final HttpAccess http;
    private final PushClientOptions options;

    ClientStream(Downlink session, HttpAccess http, PushClientOptions options) {
        this.session = session;
        this.http = http;
        this.options = options;
    }

    @Override
    public PushTransport kind() {
        return PushTransport.SSE;
    }

    @Override
    public Outcome carry() throws InterruptedException {
        var hello = session.hello();
        http.postFromNowOn();
        long deadline = System.nanoTime() + options.connectTimeout().toNanos();
        HttpResponse<ByteFeed> response;
        try {
            response = http.link().get(hello, kind(), deadline - System.nanoTime());
        } catch (IOException e) {
            return new Outcome.Broken(e);
        }
        try {
            var refusal = HttpLink.refusal(response, deadline - System.nanoTime());
            if (refusal != null) {
                return refusal;
            }
            session.opened(response.headers().firstValue(PushHeaders.SESSION));
            return read(response.body(), deadline);
        } catch (IOException e) {
            return new Outcome.Broken(e);
        } finally {
            response.body().cancel();
        }
    }

    private Outcome read(ByteFeed feed, long deadline) throws IOException, InterruptedException {
        var intake = new RecordIntake(session, kind(), options.maxMessageSize());
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
