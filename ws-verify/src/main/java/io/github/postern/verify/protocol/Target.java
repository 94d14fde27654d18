package io.github.postern.verify.protocol;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The server under test, for one case. Closing it closes the connections of the case. */
final class Target implements AutoCloseable {
    /** How long nothing must come, where nothing may. */
    static final Duration QUIET = Duration.ofMillis(300);

    private static final int STANDARD_PORT = 80;

    private final URI uri;
    private final Duration patience;
    private final Optional<String> origin;
    private final Queue<Wire> wires = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /**
     * A server.
     *
     * @param uri its endpoint
     * @param patience how long to wait for what has to come at once
     * @param origin an origin that is on its list, if there is one
     */
    Target(URI uri, Duration patience, Optional<String> origin) {
        this.uri = uri;
        this.patience = patience;
        this.origin = origin;
    }

    URI uri() {
        return uri;
    }

    Duration patience() {
        return patience;
    }

    String origin() throws Skipped {
        return origin.orElseThrow(() -> new Skipped("no origin is known to be on the server's list"));
    }

    Wire connect() throws IOException {
        var address = new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? STANDARD_PORT : uri.getPort());
        var wire = Wire.connect(address, patience);
        wires.add(wire);
        if (closed) {
            wire.close();
        }
        return wire;
    }

    /** Sends a request on a connection of its own and reads the head of the response. */
    Response ask(Request request) throws Broken, IOException {
        return ask(request, patience);
    }

    Response ask(Request request, Duration longest) throws Broken, IOException {
        var wire = connect();
        wire.patience(longest);
        wire.write(request.encode(uri));
        return Response.read(wire, false);
    }

    /** The answer to a HEAD, which has no body whatever its header says. */
    Response askHead(Request request) throws Broken, IOException {
        var wire = connect();
        wire.write(request.encode(uri));
        return Response.read(wire, true);
    }

    /** Opens a session over SSE. */
    Session open() throws Broken, IOException {
        return Session.open(this, "sse");
    }

    /** Opens a session over a WebSocket. */
    WebSocketPeer openWebSocket() throws Broken, IOException {
        var peer = WebSocketPeer.connect(this, "postern.v1");
        peer.attach("epoch=1");
        return peer;
    }

    @Override
    public void close() {
        closed = true;
        wires.forEach(Wire::close);
    }
}
