package io.github.postern.samples.compare;

import io.github.postern.push.PushTransport;
import java.time.Duration;
import java.util.Locale;

/**
 * What one transport did and cost, up to a moment. "Per message" means per message delivered to one client.
 *
 * @param transport which
 * @param expected how many messages were to be delivered: those that were sent, times the clients
 * @param delivered how many were, each counted once
 * @param lost how many were not and will not be
 * @param disordered how many came again or out of order, which must not happen either
 * @param latencies the times from publishing on the server to the client's {@code receive}
 * @param payload bytes of the delivered messages themselves
 * @param opening what went over the sockets until each client was ready and had its first, unmeasured message
 * @param running what has gone over the sockets since then
 * @param cpu what the server's process has used since then
 * @param heap bytes of the server's heap in use then, with the clients connected and without garbage
 * @param connections how many TCP connections are open
 */
record Measurement(
        PushTransport transport,
        long expected,
        long delivered,
        long lost,
        long disordered,
        Distribution latencies,
        long payload,
        Traffic opening,
        Traffic running,
        Duration cpu,
        long heap,
        int connections) {
    private static final double MIB = 1024 * 1024;

    /** The name of a transport: {@code polling}, {@code long-polling}, {@code sse} or {@code websocket}. */
    static String name(PushTransport transport) {
        return transport.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What people call it. */
    static String title(PushTransport transport) {
        return switch (transport) {
            case POLLING -> "polling";
            case LONG_POLLING -> "long polling";
            case SSE -> "SSE";
            case WEBSOCKET -> "WebSocket";
        };
    }

    String name() {
        return name(transport);
    }

    Latency latency() {
        return latencies.latency();
    }

    /** Whether every message arrived once and in order. */
    boolean complete() {
        return delivered == expected && lost == 0 && disordered == 0;
    }

    double payloadPerMessage() {
        return perMessage(payload);
    }

    double requestsPerMessage() {
        return perMessage(running.requests());
    }

    double cpuMillisPerThousand() {
        return perMessage(cpu.toNanos()) / 1000;
    }

    double heapMebibytes() {
        return heap / MIB;
    }

    /** NaN if nothing was delivered. */
    double perMessage(long total) {
        return delivered == 0 ? Double.NaN : (double) total / delivered;
    }
}
