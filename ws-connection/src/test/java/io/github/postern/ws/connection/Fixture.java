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
        return open(transport, role, options, extensions, TimeSource.system());
    }

    private static WebSocketConnection open(
            Transport transport, Role role, ConnectionOptions options, List<Extension> extensions, TimeSource time) {
        var request = new HandshakeRequest("GET", "/test", Headers.of("Host", "localhost"));
        var negotiated = new Negotiated("", extensions);
        var handshake = Handshake.of(URI.create("ws://localhost/test"), request, negotiated);
        return WebSocketConnection.open(transport, role, options, handshake, ByteBuffer.allocate(0), time);
    }

    /** A connection and the raw peer at its other end. */
    record WithPeer(WebSocketConnection connection, MemoryTransport transport, RawPeer peer) {
        static WithPeer of(Role role, ConnectionOptions options) {
            return of(role, options, TimeSource.system());
        }

        static WithPeer of(Role role, ConnectionOptions options, TimeSource time) {
            var ends = MemoryTransport.pair(MemoryTransport.CAPACITY, time);
            var connection = open(ends.one(), role, options, List.of(), time);
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
        return start(TimeSource.system(), work);
    }

    /** Runs on a virtual thread that lives in this time. */
    static <T> FutureTask<T> start(TimeSource time, Callable<T> work) {
        var task = new FutureTask<>(work);
        time.start("test", task);
        return task;
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
