package io.github.postern.push;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers the POSTs that send, acknowledge and close (PROTOCOL.md §7). */
final class HttpSender {
    private static final System.Logger LOG = System.getLogger(HttpSender.class.getName());

    private final PushEndpoint endpoint;

    HttpSender(PushEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Returns the answer, or {@code null} if it comes later from another thread. */
    @Nullable
    Answer send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isEventStream(
                request.getHeader("Content-Type"))) { // a container may choke on the charset of the other method
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
        long length = request.getContentLengthLong();
        if (length > maxBody) {
            return tooLong(maxBody);
        }
        var in = request.getInputStream();
        if (length == 0 || (length > 0 && in.available() >= length)) { // it is here, as most are
            return take(headers, session, in.readNBytes((int) length), response, () -> startAsync(request));
        }
        var context = startAsync(request);
        var reader = new BodyReader(in, maxBody + 1, new Slow(context, response, headers, session));
        in.setReadListener(reader);
        reader.endsWith(endpoint.after(endpoint.options().bodyTimeout(), reader::giveUp));
        return null;
    }

    private static AsyncContext startAsync(HttpServletRequest request) {
        var context = request.startAsync();
        context.setTimeout(0);
        return context;
    }

    /** Goes on with a POST whose body came later than its head. */
    private final class Slow implements BodyReader.Receiver {
        private final AsyncContext context;
        private final HttpServletResponse response;
        private final PushHeaders headers;
        private final LiveSession session;

        Slow(AsyncContext context, HttpServletResponse response, PushHeaders headers, LiveSession session) {
            this.context = context;
            this.response = response;
            this.headers = headers;
            this.session = session;
        }

        @Override
        public void whole(byte[] body) {
            var answer = take(headers, session, body, response, () -> context);
            if (answer != null) {
                end(answer);
            }
        }

        @Override
        public void late() {
            end(Answer.error(408, "time", "the body did not come in time").with("Connection", "close"));
        }

        @Override
        public void lost(Throwable why) {
            LOG.log(Level.DEBUG, () -> "cannot read a POST of " + session, why);
            if (isTimeout(why)) {
                late(); // the container has waited long enough for the next byte
            } else {
                end(Answer.error(400, "body", "the body cannot be read").with("Connection", "close"));
            }
        }

        private void end(Answer answer) {
            try {
                answer.with(PushHeaders.RECEIVED, session.position()).writeTo(response);
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.DEBUG, () -> "lost a POST of " + session, e); // a container may have ended it already
            } finally {
                context.complete();
            }
        }
    }

    private static boolean isTimeout(Throwable e) {
        return e instanceof SocketTimeoutException
                || e instanceof TimeoutException
                || e.getCause() instanceof TimeoutException;
    }

    /** Takes in a body; returns the answer, or {@code null} if that comes later from another thread. */
    private @Nullable Answer take(
            PushHeaders headers,
            LiveSession session,
            byte[] body,
            HttpServletResponse response,
            Supplier<AsyncContext> async) {
        int maxBody = endpoint.options().limits().largestBody();
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
        return post(response, session, upstream, async);
    }

    private static Answer tooLong(int maxBody) {
        return Answer.error(413, "size", "body longer than " + maxBody + " bytes");
    }

    private @Nullable Answer post(
            HttpServletResponse response, LiveSession session, Upstream upstream, Supplier<AsyncContext> async) {
        try {
            var result = session.post(upstream, 0);
            if (result != Upstream.Result.FULL) {
                return answer(session, result);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted without waiting", e);
        }
        var context = async.get();
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
