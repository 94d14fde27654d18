package io.github.postern.push;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers the POSTs that send, acknowledge and close (PROTOCOL.md §7). */
final class HttpSender {
    private static final System.Logger LOG = System.getLogger(HttpSender.class.getName());

    private static final int CHUNK = 4096;

    private final PushEndpoint endpoint;

    HttpSender(PushEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Returns the answer, or {@code null} if it comes later from another thread. */
    @Nullable
    Answer send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isEventStream(request.getContentType())) {
            return Answer.error(415, "type", "the body must be text/event-stream");
        }
        var headers = PushHeaders.read(request::getHeader);
        if (headers == null || headers.session() == null) {
            return Answer.badHeader();
        }
        var session = endpoint.sessions().find(headers.session());
        if (session == null) {
            return Answer.unknown();
        }
        var answer = send(request, response, headers, session);
        return answer == null ? null : answer.with(PushHeaders.RECEIVED, session.position());
    }

    private static boolean isEventStream(@Nullable String contentType) {
        return contentType != null
                && contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("text/event-stream");
    }

    private @Nullable Answer send(
            HttpServletRequest request, HttpServletResponse response, PushHeaders headers, LiveSession session)
            throws IOException {
        boolean bare = session.kind() == SessionKind.BARE_STREAM;
        if (bare != (headers.epoch() == PushHeaders.ABSENT)) {
            return Answer.badHeader();
        }
        int maxBody = endpoint.options().limits().largestBody();
        if (request.getContentLengthLong() > maxBody) {
            return tooLong(maxBody);
        }
        var body = body(request.getInputStream(), maxBody + 1);
        if (body == null) {
            return Answer.error(408, "time", "the body did not come in time");
        }
        if (body.length > maxBody) {
            return tooLong(maxBody);
        }
        var reading =
                UpstreamReader.read(headers, body, endpoint.options().limits().maxMessageSize());
        var upstream = reading.upstream();
        if (upstream == null) {
            return reading.refusal();
        }
        if (upstream.count() > 0 && bare != (headers.sequence() == PushHeaders.ABSENT)) {
            return Answer.badHeader();
        }
        return post(request, response, session, upstream);
    }

    /** Up to so many bytes, or {@code null} if they do not come in time however slowly they come. */
    private byte @Nullable [] body(InputStream in, int most) throws IOException {
        long deadline = System.nanoTime() + endpoint.options().bodyTimeout().toNanos();
        var body = new ByteArrayOutputStream();
        var chunk = new byte[CHUNK];
        while (body.size() < most) {
            int read = in.read(chunk, 0, Math.min(chunk.length, most - body.size()));
            if (read < 0) {
                return body.toByteArray();
            }
            if (System.nanoTime() - deadline > 0) {
                return null;
            }
            body.write(chunk, 0, read);
        }
        return body.toByteArray();
    }

    private static Answer tooLong(int maxBody) {
        return Answer.error(413, "size", "body longer than " + maxBody + " bytes");
    }

    private @Nullable Answer post(
            HttpServletRequest request, HttpServletResponse response, LiveSession session, Upstream upstream) {
        try {
            var result = session.post(upstream, 0);
            if (result != Upstream.Result.FULL) {
                return answer(session, result);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted without waiting", e);
        }
        var context = request.startAsync();
        context.setTimeout(0);
        var unused = Thread.ofVirtual()
                .name("postern-push-busy")
                .start(() -> postWhenRoom(context, response, session, upstream));
        return null;
    }

    /** The container's threads may be few, so a thread of our own waits for the application. */
    private void postWhenRoom(
            AsyncContext context, HttpServletResponse response, LiveSession session, Upstream upstream) {
        try {
            var result = session.post(upstream, endpoint.options().busyTimeout().toNanos());
            answer(session, result)
                    .with(PushHeaders.RECEIVED, session.position())
                    .writeTo(response);
        } catch (IOException | InterruptedException e) {
            LOG.log(Level.DEBUG, () -> "lost a POST of " + session, e);
        } finally {
            context.complete();
        }
    }

    private static Answer answer(LiveSession session, Upstream.Result result) {
        return switch (result) {
            case TAKEN -> Answer.of(200);
            case NOTHING_NEW -> Answer.of(204);
            case FENCED -> Answer.fenced();
            case GAP ->
                Answer.error(409, "gap", "messages are missing before this one")
                        .with(PushHeaders.EXPECTED, session.position() + 1);
            case BAD_POSITION -> Answer.badPosition();
            case FULL -> Answer.busy(429, "the application does not keep up");
            case OVER -> {
                var close = session.over();
                yield close == null ? Answer.unknown() : Answer.gone(close);
            }
        };
    }
}
