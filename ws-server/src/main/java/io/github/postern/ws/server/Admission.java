package io.github.postern.ws.server;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts sockets in total, per address, and in their handshake, and turns away those beyond the limits. */
final class Admission {
    private final ServerOptions options;
    private final AtomicInteger sockets = new AtomicInteger();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

    Admission(ServerOptions options) {
        this.options = options;
    }

    /** Counts a socket in. Each call is followed by one of {@link #leave}, whatever it returned. */
    @Nullable
    String enter(InetAddress address) {
        int ofAddress = perAddress.merge(address, 1, Integer::sum);
        if (sockets.incrementAndGet() > options.maxConnections()) {
            return "The server has as many connections as it allows.";
        }
        if (ofAddress > options.maxConnectionsPerAddress()) {
            return "The server has as many connections from your address as it allows.";
        }
        return null;
    }

    void leave(InetAddress address) {
        sockets.decrementAndGet();
        perAddress.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
    }

    /** Counts a handshake in; what it lets in is followed by {@link #endHandshake}. */
    @Nullable
    String beginHandshake() {
        if (handshakes.incrementAndGet() > options.maxHandshakes()) {
            handshakes.decrementAndGet(); // turning somebody away must not keep others out
            return "The server is busy with as many handshakes as it allows.";
        }
        return null;
    }

    void endHandshake() {
        handshakes.decrementAndGet();
    }
}
