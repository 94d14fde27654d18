package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;

/** A TLS transport and, at the other end of a real socket, the JDK's own TLS. */
final class TlsPair implements AutoCloseable {
    static final int PATIENCE_MILLIS = 20_000;
    static final long PATIENCE_NANOS = PATIENCE_MILLIS * 1_000_000L;

    /** Another transport, of which a test changes how it reads. */
    abstract static class Between implements Transport {
        final Transport plain;

        Between(Transport plain) {
            this.plain = plain;
        }

        /** At most so many bytes. */
        final int readUpTo(int most, ByteBuffer dst, long timeoutNanos) throws IOException {
            int limit = dst.limit();
            dst.limit(dst.position() + Math.min(most, dst.remaining()));
            try {
                return plain.read(dst, timeoutNanos);
            } finally {
                dst.limit(limit);
            }
        }

        @Override
        public int available() throws IOException {
            return plain.available();
        }

        @Override
        public void write(ByteBuffer src) throws IOException {
            plain.write(src);
        }

        @Override
        public void shutdownOutput() throws IOException {
            plain.shutdownOutput();
        }

        @Override
        public void close() {
            plain.close();
        }

        @Override
        public Optional<SocketAddress> remoteAddress() {
            return plain.remoteAddress();
        }
    }

    /** The version, and which side is ours. */
    enum Kind {
        SERVER_12("TLSv1.2", true),
        SERVER_13("TLSv1.3", true),
        CLIENT_12("TLSv1.2", false),
        CLIENT_13("TLSv1.3", false);

        final String version;
        final boolean server;

        Kind(String version, boolean server) {
            this.version = version;
            this.server = server;
        }

        boolean is12() {
            return version.equals("TLSv1.2");
        }
    }

    /** Of both sides, which trust it. */
    static final TestCertificate CERTIFICATE = TestCertificate.make("localhost");

    private final Sockets sockets;
    final TlsTransport own;
    final SSLSocket peer;

    private TlsPair(Sockets sockets, TlsTransport own, SSLSocket peer) {
        this.sockets = sockets;
        this.own = own;
        this.peer = peer;
    }

    /** Two plain sockets, joined. */
    record Sockets(Socket own, Socket peer) implements AutoCloseable {
        static Sockets open() throws IOException {
            try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                var own = new Socket(listener.getInetAddress(), listener.getLocalPort());
                var peer = listener.accept();
                peer.setSoTimeout(PATIENCE_MILLIS);
                peer.setTcpNoDelay(
                        true); // it writes records one by one, and would wait for a delayed acknowledgement between two
                return new Sockets(own, peer);
            }
        }

        @Override
        public void close() throws IOException {
            own.close();
            peer.close();
        }
    }

    /** An engine of our side. */
    static SSLEngine engine(SSLContext context, Kind kind) {
        var engine = context.createSSLEngine("localhost", 443);
        engine.setUseClientMode(!kind.server);
        engine.setEnabledProtocols(new String[] {kind.version});
        return engine;
    }

    /** The JDK's TLS of the other side, which keeps the plain socket. */
    static SSLSocket socket(SSLContext context, Kind kind, Socket plain) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 443, true);
        socket.setUseClientMode(kind.server);
        socket.setEnabledProtocols(new String[] {kind.version});
        return socket;
    }

    static TlsPair open(Kind kind) throws Exception {
        return open(kind, plain -> plain);
    }

    /** A pair of which ours reads and writes through another transport. */
    static TlsPair open(Kind kind, UnaryOperator<Transport> between) throws Exception {
        var context = CERTIFICATE.trusting(CERTIFICATE);
        var sockets = Sockets.open();
        var peer = socket(context, kind, sockets.peer);
        var greeting = Fixture.start(() -> {
            peer.startHandshake();
            return null;
        });
        var own = TlsTransport.handshake(between.apply(SocketTransport.of(sockets.own)), engine(context, kind));
        try {
            greeting.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
        assertEquals(kind.version, own.session().getProtocol());
        return new TlsPair(sockets, own, peer);
    }

    /** The peer's socket below its TLS. */
    Socket peerPlain() {
        return sockets.peer;
    }

    /** Our socket below our TLS. */
    Socket ownPlain() {
        return sockets.own;
    }

    /** Reads exactly so many bytes, in pieces as large as they come. */
    byte[] read(int size, int pieces) throws IOException {
        var all = ByteBuffer.allocate(size);
        while (all.hasRemaining()) {
            var piece = ByteBuffer.allocate(pieces);
            int read = own.read(piece, PATIENCE_NANOS);
            if (read <= 0) {
                throw new IOException(read + " after " + all.position() + " bytes");
            }
            assertEquals(read, piece.position());
            all.put(piece.flip());
        }
        return all.array();
    }

    @Override
    public void close() throws IOException {
        own.close();
        sockets.close();
    }
}
