package io.github.postern.benchmarks.fanout;

import java.io.IOException;

/** A WebSocket that is subscribed by being open. */
record PlainWebSocket(String path) implements Subscription {
    @Override
    public void open(Wire wire, int port) throws IOException {
        wire.upgrade(port, path);
    }
}
