package io.github.postern.push;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the clients of a process have learned about the networks between them and their endpoints: which transports do not get through for now, and how
 * long a round trip takes. Times are those of {@link System#nanoTime}. Thread-safe.
 */
final class TransportMemory {
    /** The memory that all clients share unless they are given another. */
    static final TransportMemory SHARED = new TransportMemory();

    /** More endpoints than these are seldom; the one that was not used for longest is forgotten. */
    private static final int MAX_ENDPOINTS = 1_000;

    /** No round trip was measured. */
    static final long UNKNOWN = -1;

    private static final class Path {
        final Map<PushTransport, Long> avoidedUntil = new EnumMap<>(PushTransport.class);
        long roundTripNanos = UNKNOWN;
    }

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    private final Map<String, Path> paths = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Path> eldest) {
            return size() > MAX_ENDPOINTS;
        }
    };

    /** What is known of one endpoint. */
    final class Entry {
        private final String endpoint;

        private Entry(String endpoint) {
            this.endpoint = endpoint;
        }

        private Path path() {
            return paths.computeIfAbsent(endpoint, e -> new Path());
        }

        /** A transport does not get through: not to be tried before a time, unless there is no other. */
        void avoid(PushTransport transport, long until) {
            lock.lock();
            try {
                path().avoidedUntil.put(transport, until);
            } finally {
                lock.unlock();
            }
        }

        /** A transport does get through. */
        void admit(PushTransport transport) {
            lock.lock();
            try {
                path().avoidedUntil.remove(transport);
            } finally {
                lock.unlock();
            }
        }

        /** The network has changed: nothing is known of transports any more. */
        void forget() {
            lock.lock();
            try {
                path().avoidedUntil.clear();
                path().roundTripNanos = UNKNOWN;
            } finally {
                lock.unlock();
            }
        }

        /** For how much longer a transport is to be avoided; 0 if it is not. */
        long avoidedFor(PushTransport transport, long now) {
            lock.lock();
            try {
                var until = path().avoidedUntil.get(transport);
                return until == null ? 0 : Math.max(0, until - now);
            } finally {
                lock.unlock();
            }
        }

        /** A round trip took so long. */
        void measured(long roundTripNanos) {
            lock.lock();
            try {
                path().roundTripNanos = roundTripNanos;
            } finally {
                lock.unlock();
            }
        }

        /** How long the last round trip took, or {@link #UNKNOWN}. */
        long roundTripNanos() {
            lock.lock();
            try {
                return path().roundTripNanos;
            } finally {
                lock.unlock();
            }
        }
    }

    /** What is known of an endpoint. */
    Entry of(Endpoint endpoint) {
        return new Entry(endpoint.toString());
    }
}
