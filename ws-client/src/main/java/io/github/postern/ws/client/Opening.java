package io.github.postern.ws.client;

import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.handshake.HandshakeResult;
import io.github.postern.ws.core.handshake.Headers;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The way from a URI to a connection: from target to target, as far as redirects lead. For one thread. */
final class Opening {
    private final Settings settings;
    private final ConnectingSlots slots;
    private final OpenSockets sockets;
    private final Connector connector;
    private final Redirects redirects;
    private final @Nullable Cookies cookies;
    private final Deadline deadline;

    Opening(Settings settings, ConnectingSlots slots, OpenSockets sockets) {
        this.settings = settings;
        this.slots = slots;
        this.sockets = sockets;
        this.connector = new Connector(settings, sockets);
        this.redirects = new Redirects(settings.maxRedirects());
        this.cookies = settings.cookieHandler() == null ? null : new Cookies(settings.cookieHandler());
        this.deadline = Deadline.in(settings.connectTimeout(), "no WebSocket");
    }

    /**
     * The connection.
     *
     * @throws HandshakeRejectedException if the last target refuses
     */
    WebSocket open(Target first) throws IOException, InterruptedException {
        var target = first;
        var headers = settings.headers();
        while (true) {
            Exchange exchange;
            HandshakeResult result;
            var slot = slots.acquire(target);
            try {
                exchange = new Exchange(settings, target, withCookies(headers, target), connector.connect(target));
                result = exchange.run();
            } finally {
                slots.release(slot);
            }
            if (cookies != null) {
                cookies.store(result.response().headers(), target);
            }
            switch (result) {
                case HandshakeResult.Accepted accepted -> {
                    sockets.handOver(exchange.socket());
                    return exchange.open(accepted);
                }
                case HandshakeResult.Rejected rejected -> {
                    var next = redirects.next(target, rejected.response());
                    if (next == null) {
                        throw exchange.refusal(rejected, halfOfTheRest());
                    }
                    sockets.close(exchange.socket());
                    if (!next.isSameOrigin(target)) {
                        headers = Headers.empty(); // they were meant for one origin, and may be credentials
                    }
                    target = next;
                }
            }
        }
    }

    private Headers withCookies(Headers headers, Target target) throws IOException {
        return cookies == null ? headers : cookies.addTo(headers, target);
    }

    /** For the body of a refusal, so that a slow one does not turn it into a timeout. */
    private Duration halfOfTheRest() throws IOException {
        return Duration.ofNanos(deadline.remaining() / 2);
    }
}
