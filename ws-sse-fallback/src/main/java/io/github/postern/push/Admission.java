package io.github.postern.push;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The network connections that there are, in all and per address. Whom it turns away is not counted, and so keeps nobody else out. For any thread.
 */
final class Admission {
    /** How many of those who are turned away are told why at a time: each takes a descriptor while it is. */
    static final int MAX_PARTINGS = 512;

    private final NetworkLimits limits;
    private final ReentrantLock lock = new ReentrantLock();

    // What follows is guarded by lock.
    private final Map<Channel, Object> present = new HashMap<>();
    private final Map<Object, Integer> perAddress = new HashMap<>();
    private final Set<Channel> partings = new HashSet<>();
    private boolean ended;

    /** What became of a connection. */
    enum Answer {
        ADMITTED(""),
        TOO_MANY("The server has as many connections as it allows."),
        TOO_MANY_FROM_ADDRESS("The server has as many connections from your address as it allows."),
        /** Everything was taken out for good. */
        ENDED("The server was shut down.");

        private final String text;

        Answer(String text) {
            this.text = text;
        }

        /** What the peer is told. */
        String text() {
            return text;
        }
    }

    Admission(NetworkLimits limits) {
        this.limits = limits;
    }

    /** Lets a connection in, which {@link #leave} follows, or counts nothing. */
    Answer enter(Channel channel, InetAddress address) {
        lock.lock();
        try {
            if (ended) {
                return Answer.ENDED;
            }
            if (present.size() >= limits.maxConnections()) {
                return Answer.TOO_MANY;
            }
            var key = key(address);
            int ofAddress = perAddress.getOrDefault(key, 0);
            if (ofAddress >= limits.maxConnectionsPerAddress()) {
                return Answer.TOO_MANY_FROM_ADDRESS;
            }
            perAddress.put(key, ofAddress + 1);
            present.put(channel, key);
            return Answer.ADMITTED;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a connection that has ended, if it is known. */
    void leave(@Nullable Channel channel) {
        lock.lock();
        try {
            var key = present.remove(channel);
            if (key != null) {
                uncount(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the connections that are closed: of one that fails between its acceptance and its first read Jetty tells nobody. */
    void forgetClosed() {
        lock.lock();
        try {
            present.entrySet().removeIf(entry -> {
                boolean closed = !entry.getKey().isOpen();
                if (closed) {
                    uncount(entry.getValue());
                }
                return closed;
            });
        } finally {
            lock.unlock();
        }
    }

    private void uncount(Object key) {
        perAddress.computeIfPresent(key, (a, count) -> count == 1 ? null : count - 1);
    }

    /** Whether one more of those who were turned away may be told why; {@link #endParting} follows. */
    boolean beginParting(Channel channel) {
        lock.lock();
        try {
            return !ended && partings.size() < MAX_PARTINGS && partings.add(channel);
        } finally {
            lock.unlock();
        }
    }

    void endParting(Channel channel) {
        lock.lock();
        try {
            partings.remove(channel);
        } finally {
            lock.unlock();
        }
    }

    /** Takes everybody out, those who are being turned away included, and lets nobody in any more. */
    List<Channel> takeAll() {
        lock.lock();
        try {
            ended = true;
            var all = new ArrayList<>(present.keySet());
            all.addAll(partings);
            present.clear();
            perAddress.clear();
            partings.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Everybody who is counted: none, once all have left. */
    int count() {
        lock.lock();
        try {
            return present.size() + perAddress.size() + partings.size();
        } finally {
            lock.unlock();
        }
    }

    /** One household: who has an IPv6 address mostly has all of its /64. */
    private static Object key(InetAddress address) {
        return address instanceof Inet6Address
                ? (Object) ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }
}
