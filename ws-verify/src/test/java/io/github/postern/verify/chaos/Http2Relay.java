package io.github.postern.verify.chaos;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Passes the frames of HTTP/2 (RFC 9113 §4) on, with TLS on either side, and resets a stream in the middle of the body of its response, as an intermediary does that
 * has lost patience. The connection and its other streams go on.
 */
public final class Http2Relay implements AutoCloseable {
    private static final int PREFACE = 24;
    private static final int HEADER = 9;
    private static final int DATA = 0;
    private static final int RST_STREAM = 3;
    private static final int WINDOW_UPDATE = 8;
    private static final int INTERNAL_ERROR = 2;
    private static final int END_STREAM = 1;

    private final SSLContext tls;
    private final int target;
    private final SSLServerSocket listener;
    private final Set<SSLSocket> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final Semaphore resets = new Semaphore(0);

    private static final class Frame {
        final int type;
        final int flags;
        final int stream;
        final byte[] payload;

        Frame(int type, int flags, int stream, byte[] payload) {
            this.type = type;
            this.flags = flags;
            this.stream = stream;
            this.payload = payload;
        }

        static Frame ofNumber(int type, int stream, int number) {
            return new Frame(
                    type, 0, stream, ByteBuffer.allocate(4).putInt(number).array());
        }

        static Frame read(DataInputStream in) throws IOException {
            int lengthAndType = in.readInt();
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & Integer.MAX_VALUE;
            return new Frame(lengthAndType & 0xff, flags, stream, in.readNBytes(lengthAndType >>> 8));
        }

        byte[] bytes() {
            return ByteBuffer.allocate(HEADER + payload.length)
                    .putInt(payload.length << 8 | type)
                    .put((byte) flags)
                    .putInt(stream)
                    .put(payload)
                    .array();
        }
    }

    /** Where the frames of both directions go, since a reset goes both ways. */
    private record Sink(OutputStream out, ReentrantLock lock) {
        Sink(OutputStream out) {
            this(out, new ReentrantLock());
        }

        void write(byte[] bytes) throws IOException {
            lock.lock();
            try {
                out.write(bytes);
                out.flush();
            } finally {
                lock.unlock();
            }
        }
    }

    public Http2Relay(SSLContext tls, int target) throws IOException {
        this.tls = tls;
        this.target = target;
        listener = (SSLServerSocket)
                tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("http2-relay").start(this::accept);
    }

    public URI uri(String path) {
        return URI.create("https://localhost:" + listener.getLocalPort() + path);
    }

    /** Resets the next stream to the client that has a body, in the middle of a frame of it. */
    public void resetNextStream() {
        armed.set(true);
    }

    /** Waits until it has been; false if it has not within the time. */
    public boolean awaitReset(Duration patience) throws InterruptedException {
        return resets.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void accept() {
        try {
            while (true) {
                var client = (SSLSocket) listener.accept();
                open.add(client);
                Thread.ofVirtual().name("http2-relay-up").start(() -> up(client));
            }
        } catch (IOException e) {
            // closed, at the end of the test
        }
    }

    private static void handshake(SSLSocket socket) throws IOException {
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        socket.setTcpNoDelay(true);
    }

    private void up(SSLSocket client) {
        try (client;
                var server =
                        (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), target)) {
            open.add(server);
            handshake(client);
            handshake(server);
            var toServer = new Sink(server.getOutputStream());
            Thread.ofVirtual().name("http2-relay-down").start(() -> down(server, client, toServer));
            var in = new DataInputStream(client.getInputStream());
            toServer.write(in.readNBytes(PREFACE));
            while (true) {
                toServer.write(Frame.read(in).bytes());
            }
        } catch (IOException e) {
            // one side is gone, and so is the other
        }
    }

    private void down(SSLSocket server, SSLSocket client, Sink toServer) {
        var dead = new HashSet<Integer>();
        try (client) {
            var toClient = new Sink(client.getOutputStream());
            var in = new DataInputStream(server.getInputStream());
            while (true) {
                var frame = Frame.read(in);
                boolean body = frame.type == DATA && frame.payload.length > 1;
                if (dead.contains(frame.stream) && frame.type == DATA) {
                    giveBack(frame.payload.length, toServer); // the client will not, since it never sees them
                } else if (body && armed.compareAndSet(true, false)) {
                    dead.add(frame.stream);
                    reset(frame, toClient, toServer);
                } else {
                    toClient.write(frame.bytes());
                }
            }
        } catch (IOException e) {
            // one side is gone, and so is the other
        }
    }

    private void reset(Frame frame, Sink toClient, Sink toServer) throws IOException {
        int half = frame.payload.length / 2;
        var first = Arrays.copyOf(frame.payload, half);
        toClient.write(new Frame(DATA, frame.flags & ~END_STREAM, frame.stream, first).bytes());
        toClient.write(Frame.ofNumber(RST_STREAM, frame.stream, INTERNAL_ERROR).bytes());
        toServer.write(Frame.ofNumber(RST_STREAM, frame.stream, INTERNAL_ERROR).bytes());
        giveBack(frame.payload.length - half, toServer);
        resets.release();
    }

    /** The window of the connection (RFC 9113 §5.2). */
    private static void giveBack(int bytes, Sink toServer) throws IOException {
        if (bytes > 0) {
            toServer.write(Frame.ofNumber(WINDOW_UPDATE, 0, bytes).bytes());
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
