package io.github.postern.benchmarks.fanout;

import java.io.IOException;

/** An {@code EventSource}, subscribed by being open. */
record EventStream(String path) implements Subscription {
    @Override
    public void open(Wire wire, int port) throws IOException {
        wire.get(port, path, "Accept: text/event-stream", "Cache-Control: no-store");
        wire.await("HTTP/1.1 200", "\r\n\r\n");
    }
}
