package io.github.postern.push;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
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
        boolean bare = headers.epoch() == PushHeaders.ABSENT;
        if (bare && headers.sequence() != PushHeaders.ABSENT) {
            return Answer.badHeader();
        }
        var session = endpoint.sessions().find(headers.session());
        if (session == null && endpoint.sessions().isStopped()) {
            return Answer.stopping();
        }
        if (session == null || session.kind() != (bare ? SessionKind.BARE_STREAM : SessionKind.POSTERN)) {
            return Answer.unknown(); // a secret is good for one kind of client
        }
        var refused = check(request, session);
        if (refused != null) {
            return refused;
        }
        var answer = send(request, response, headers, session);
        return answer == null ? null : answer.with(PushHeaders.RECEIVED, session.position());
    }

    /** How the request is refused, or {@code null} if it is the holder's of the session, whose credentials it renews. */
    private @Nullable Answer check(HttpServletRequest request, LiveSession session) {
        return switch (endpoint.gate().decide(request)) {
            case Authentication.Rejected rejected -> Gate.answer(rejected);
            case Authentication.Admitted client -> session.admit(client) ? null : Answer.notTheHolder();
        };
    }

    private static boolean isEventStream(@Nullable String contentType) {
        return contentType != null
                && contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("text/event-stream");
    }

    private @Nullable Answer send(
            HttpServletRequest request, HttpServletResponse response, PushHeaders headers, LiveSession session)
            throws IOException {
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
        boolean bare = session.kind() == SessionKind.BARE_STREAM;
        if (upstream.count() > 0 && !bare && headers.sequence() == PushHeaders.ABSENT) {
            return Answer.badHeader();
        }
        return post(request, response, session, upstream);
    }

    /** Up to so many bytes, or {@code null} if they do not come in time, be it that they trickle or that nothing comes. */
    private byte @Nullable [] body(InputStream in, int most) throws IOException {
        try {
            return bodyInTime(in, most);
        } catch (IOException e) {
            if (isTimeout(e)) {
                return null; // the container has waited long enough for the next byte
            }
            throw e;
        }
    }

    private static boolean isTimeout(IOException e) {
        return e instanceof SocketTimeoutException || e.getCause() instanceof TimeoutException;
    }

    private byte @Nullable [] bodyInTime(InputStream in, int most) throws IOException {
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
