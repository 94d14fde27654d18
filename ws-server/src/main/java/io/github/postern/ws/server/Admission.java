package io.github.postern.ws.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts sockets in total, per address, and in their handshake, and turns away those beyond the limits. Whom it turns away is not
 * counted, and so keeps nobody else out.
 */
final class Admission {
    private final ServerOptions options;
    private final ReentrantLock lock = new ReentrantLock();

    // What follows is guarded by lock.
    private final Map<Object, Integer> perAddress = new HashMap<>();
    private int sockets;
    private int handshakes;
    private int partings;

    /** Why a socket was not let in. */
    enum Limit {
        CONNECTIONS("The server has as many connections as it allows."),
        CONNECTIONS_PER_ADDRESS("The server has as many connections from your address as it allows."),
        HANDSHAKES("The server is busy with as many handshakes as it allows.");

        private final String text;

        Limit(String text) {
            this.text = text;
        }

        /** What the peer is told. */
        String text() {
            return text;
        }
    }

    Admission(ServerOptions options) {
        this.options = options;
    }

    /** Lets a socket in, which {@link #endHandshake} and {@link #leave} follow; or counts nothing and returns the limit. */
    @Nullable
    Limit enter(InetAddress address) {
        lock.lock();
        try {
            int ofAddress = perAddress.getOrDefault(key(address), 0);
            if (sockets >= options.maxConnections()) {
                return Limit.CONNECTIONS;
            }
            if (ofAddress >= options.maxConnectionsPerAddress()) {
                return Limit.CONNECTIONS_PER_ADDRESS;
            }
            if (handshakes >= options.maxHandshakes()) {
                return Limit.HANDSHAKES;
            }
            sockets++;
            handshakes++;
            perAddress.put(key(address), ofAddress + 1);
            return null;
        } finally {
            lock.unlock();
        }
    }

    void endHandshake() {
        lock.lock();
        try {
            handshakes--;
        } finally {
            lock.unlock();
        }
    }

    void leave(InetAddress address) {
        lock.lock();
        try {
            sockets--;
            perAddress.computeIfPresent(key(address), (a, count) -> count == 1 ? null : count - 1);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether one more of those who were turned away may be told why, which takes a moment and a descriptor each; {@link #endParting} follows.
     * As many at a time as there may be handshakes.
     */
    boolean beginParting() {
        lock.lock();
        try {
            if (partings >= options.maxHandshakes()) {
                return false;
            }
            partings++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void endParting() {
        lock.lock();
        try {
            partings--;
        } finally {
            lock.unlock();
        }
    }

    /** Everybody who is counted: none, once all have left. */
    int present() {
        lock.lock();
        try {
            return sockets + handshakes + partings + perAddress.size();
        } finally {
            lock.unlock();
        }
    }

    /** One block: who has an IPv6 address mostly has all of its /64. */
    private static Object key(InetAddress address) {
        return address instanceof Inet6Address
                ? (Object) ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }
}
