package io.github.postern.push;

import io.github.postern.push.PushHeaders.BareId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers the GETs that receive over HTTP (PROTOCOL.md §6, and §13 for bare clients). */
final class HttpReceiver {
    private final PushEndpoint endpoint;

    HttpReceiver(PushEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Serves the request, or returns how it is refused. */
    @Nullable
    Answer receive(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!acceptsEventStream(request)) {
            return Answer.error(406, "type", "the answer would be text/event-stream");
        }
        return switch (endpoint.gate().decide(request)) {
            case Authentication.Rejected rejected -> Gate.answer(rejected);
            case Authentication.Admitted client ->
                request.getHeader(PushHeaders.EPOCH) == null
                        ? receiveBare(request, response, client)
                        : receivePostern(request, response, client);
        };
    }

    private static boolean acceptsEventStream(HttpServletRequest request) {
        var values = request.getHeaders("Accept");
        if (!values.hasMoreElements()) {
            return true;
        }
        while (values.hasMoreElements()) {
            for (var range : values.nextElement().split(",", -1)) {
                var type = range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
                if (type.equals("text/event-stream") || type.equals("text/*") || type.equals("*/*")) {
                    return true;
                }
            }
        }
        return false;
    }

    private @Nullable Answer receivePostern(
            HttpServletRequest request, HttpServletResponse response, Authentication.Admitted client)
            throws IOException {
        var headers = PushHeaders.read(request::getHeader);
        if (headers == null) {
            return Answer.badHeader();
        }
        long position = Math.max(0, headers.position());
        boolean opening = headers.session() == null;
        if (opening && position > 0) {
            return Answer.badPosition();
        }
        LiveSession session;
        if (headers.session() == null) {
            var opened = endpoint.sessions().open(SessionKind.POSTERN, request.getRemoteAddr(), client);
            if (opened.session() == null) {
                return refusal(opened.refusal());
            }
            session = opened.session();
        } else {
            session = endpoint.sessions().find(headers.session());
        }
        if (session == null && endpoint.sessions().isStopped()) {
            return Answer.stopping(); // another server may know it
        }
        if (session == null || session.kind() != SessionKind.POSTERN) {
            return Answer.unknown();
        }
        if (!session.admit(client)) {
            return Answer.notTheHolder();
        }
        var carrier = new HttpCarrier(session, response, opening, headers.padding(), null);
        var result = session.attach(headers.epoch(), headers.transport(), position, carrier);
        var refused = begin(carrier, request, result);
        return refused == null ? null : refused.with(PushHeaders.RECEIVED, session.position());
    }

    private @Nullable Answer receiveBare(
            HttpServletRequest request, HttpServletResponse response, Authentication.Admitted client)
            throws IOException {
        var lastId = request.getHeader(PushHeaders.LAST_EVENT_ID);
        var known = BareId.parse(lastId);
        var session = known == null ? null : endpoint.sessions().find(known.secret());
        boolean resuming = session != null && session.kind() == SessionKind.BARE_STREAM;
        if (!resuming) {
            var opened = endpoint.sessions().open(SessionKind.BARE_STREAM, request.getRemoteAddr(), client);
            session = opened.session();
            if (session == null) {
                return refusal(opened.refusal());
            }
        }
        if (session == null) {
            throw new IllegalStateException("neither found nor opened");
        }
        if (!session.admit(client)) {
            return Answer.notTheHolder();
        }
        boolean lost = !resuming && lastId != null && !lastId.isEmpty();
        var preface = lost ? new Parameters().with("reason", "session") : null;
        var carrier = new HttpCarrier(session, response, !resuming, 0, preface);
        long position = resuming && known != null ? known.position() : 0;
        var result = session.attachBare(PushTransport.SSE, position, carrier);
        if (result instanceof AttachResult.Over) {
            return Answer.of(HttpServletResponse.SC_NO_CONTENT); // an EventSource stops at that
        }
        return begin(carrier, request, result);
    }

    private static @Nullable Answer begin(HttpCarrier carrier, HttpServletRequest request, AttachResult result)
            throws IOException {
        return switch (result) {
            case AttachResult.Taken taken -> {
                carrier.begin(request, taken.attachment());
                yield null;
            }
            case AttachResult.Fenced fenced -> Answer.fenced().with(PushHeaders.EPOCH, fenced.epoch());
            case AttachResult.BadPosition b -> Answer.badPosition();
            case AttachResult.Over over -> Answer.gone(over.close());
        };
    }

    static Answer refusal(PushSessions.@Nullable Refusal refusal) {
        return refusal == PushSessions.Refusal.TOO_MANY_FROM_ADDRESS
                ? Answer.busy(429, "too many sessions from this address")
                : Answer.busy(503, "no more sessions now");
    }
}
