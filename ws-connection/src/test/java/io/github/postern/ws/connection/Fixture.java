package io.github.postern.ws.connection;

import io.github.postern.ws.connection.testkit.MemoryTransport;
import io.github.postern.ws.core.Role;
import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.Headers;
import io.github.postern.ws.core.handshake.Negotiated;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Connections under test. */
final class Fixture {
    private Fixture() {}

    static WebSocketConnection open(Transport transport, Role role, ConnectionOptions options) {
        return open(transport, role, options, List.of());
    }

    static WebSocketConnection open(
            Transport transport, Role role, ConnectionOptions options, List<Extension> extensions) {
        var request = new HandshakeRequest("GET", "/test", Headers.of("Host", "localhost"));
        var negotiated = new Negotiated("", extensions);
        var handshake = Handshake.of(URI.create("ws://localhost/test"), request, negotiated);
        return WebSocketConnection.open(transport, role, options, handshake, ByteBuffer.allocate(0));
    }

    /** A connection and the raw peer at its other end. */
    record WithPeer(WebSocketConnection connection, MemoryTransport transport, RawPeer peer) {
        static WithPeer of(Role role, ConnectionOptions options) {
            var ends = MemoryTransport.pair();
            var connection = open(ends.one(), role, options);
            var peer = new RawPeer(ends.other(), role == Role.SERVER ? Role.CLIENT : Role.SERVER);
            return new WithPeer(connection, ends.one(), peer);
        }

        static WithPeer server() {
            return of(Role.SERVER, ConnectionOptions.defaults());
        }

        static WithPeer client() {
            return of(Role.CLIENT, ConnectionOptions.defaults());
        }
    }

    /** A server's and a client's connection, joined. */
    record Pair(WebSocketConnection server, WebSocketConnection client) {
        static Pair open() {
            return open(ConnectionOptions.defaults(), List.of());
        }

        static Pair open(ConnectionOptions options, List<Extension> extensions) {
            var ends = MemoryTransport.pair();
            return new Pair(
                    Fixture.open(ends.one(), Role.SERVER, options, extensions),
                    Fixture.open(ends.other(), Role.CLIENT, options, extensions));
        }
    }

    /** Runs on a virtual thread. */
    static <T> FutureTask<T> start(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
