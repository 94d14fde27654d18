package io.github.postern.push;

import java.net.InetAddress;
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
    private final Map<Channel, AddressBlock> present = new HashMap<>();
    private final Map<AddressBlock, Integer> perBlock = new HashMap<>();
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
            var block = AddressBlock.of(address);
            int ofAddress = perBlock.getOrDefault(block, 0);
            if (ofAddress >= limits.maxConnectionsPerAddress()) {
                return Answer.TOO_MANY_FROM_ADDRESS;
            }
            perBlock.put(block, ofAddress + 1);
            present.put(channel, block);
            return Answer.ADMITTED;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a connection that has ended, if it is known. */
    void leave(@Nullable Channel channel) {
        lock.lock();
        try {
            var block = present.remove(channel);
            if (block != null) {
                uncount(block);
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

    private void uncount(AddressBlock block) {
        perBlock.computeIfPresent(block, (b, count) -> count == 1 ? null : count - 1);
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
            perBlock.clear();
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
            return present.size() + perBlock.size() + partings.size();
        } finally {
            lock.unlock();
        }
    }
}
