package io.github.postern.benchmarks.fanout;

import java.util.List;
import java.util.Locale;

/** What is measured, in the order of the tables. */
enum Row {
    WEBSOCKET("128 B to 1,000 WebSockets, one message after the other", 1_000, 1),
    WEBSOCKET_BURST("128 B to 1,000 WebSockets, 16 messages at a time", 1_000, 16),
    SSE("128 B to 1,000 event streams, one message after the other", 1_000, 1),
    SSE_BURST("128 B to 1,000 event streams, 16 messages at a time", 1_000, 16),
    MIXED("128 B to 10,000 subscribers, half WebSockets, half event streams, 16 messages at a time", 10_000, 16),
    IDLE_WEBSOCKET("10,000 idle WebSocket subscribers", 10_000, 1),
    IDLE_SSE("10,000 idle event streams", 10_000, 1);

    private final String title;
    private final int subscribers;
    private final int burst;

    Row(String title, int subscribers, int burst) {
        this.title = title;
        this.subscribers = subscribers;
        this.burst = burst;
    }

    String title() {
        return title;
    }

    /** What the subscribers use, in turn. */
    List<Over> over() {
        return switch (this) {
            case WEBSOCKET, WEBSOCKET_BURST, IDLE_WEBSOCKET -> List.of(Over.WEBSOCKET);
            case SSE, SSE_BURST, IDLE_SSE -> List.of(Over.SSE);
            case MIXED -> List.of(Over.WEBSOCKET, Over.SSE);
        };
    }

    int subscribers() {
        return subscribers;
    }

    /** How many messages are published at once, when all of those before have been delivered. */
    int burst() {
        return burst;
    }

    boolean isIdle() {
        return this == IDLE_WEBSOCKET || this == IDLE_SSE;
    }

    boolean isFor(Peer peer) {
        return (!isIdle() || peer != Peer.BARE_SOCKETS) && over().stream().allMatch(peer::speaks);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
