package io.github.postern.samples.compare;

import io.github.postern.push.PushTransport;
import java.time.Duration;
import java.util.Locale;

/**
 * What one transport did and cost. "Per message" means per message delivered to one client.
 *
 * @param transport which
 * @param expected how many messages were to be delivered: those that were sent, times the clients
 * @param delivered how many were, each counted once
 * @param disordered how many came twice or out of order, which must not happen either
 * @param latency the time from publishing on the server to the client's {@code receive}
 * @param payload bytes of the delivered messages themselves
 * @param opening what went over the sockets until each client was ready and had its first, unmeasured message
 * @param running what went over the sockets from then until the last message was delivered
 * @param cpu what the server's process used in that time
 */
record Measurement(
        PushTransport transport,
        int expected,
        int delivered,
        int disordered,
        Latency latency,
        long payload,
        Traffic opening,
        Traffic running,
        Duration cpu) {

    /** The name of a transport: {@code polling}, {@code long-polling}, {@code sse} or {@code websocket}. */
    static String name(PushTransport transport) {
        return transport.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String name() {
        return name(transport);
    }

    int lost() {
        return expected - delivered;
    }

    /** Whether every message arrived once and in order. */
    boolean complete() {
        return lost() == 0 && disordered == 0;
    }

    double payloadPerMessage() {
        return perMessage(payload);
    }

    double downPerMessage() {
        return perMessage(running.down());
    }

    double upPerMessage() {
        return perMessage(running.up());
    }

    double requestsPerMessage() {
        return perMessage(running.requests());
    }

    double cpuMillisPerThousand() {
        return perMessage(cpu.toNanos()) / 1000;
    }

    /** NaN if nothing was delivered. */
    private double perMessage(long total) {
        return delivered == 0 ? Double.NaN : (double) total / delivered;
    }
}
