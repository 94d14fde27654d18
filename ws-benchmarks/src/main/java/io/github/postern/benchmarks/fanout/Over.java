package io.github.postern.benchmarks.fanout;

import java.util.Locale;

/** What carries the messages to the subscribers. */
enum Over {
    WEBSOCKET,
    SSE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
