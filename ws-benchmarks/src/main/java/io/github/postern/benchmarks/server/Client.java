package io.github.postern.benchmarks.server;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** A connection being set up: blocking, until {@link #channel} is wanted, which no {@link Layer} has then. */
final class Client {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int OPCODE = 0x0F;
    private static final int CLOSE = 8;

    private final SocketChannel channel;
    private final Socket socket;
    private final DataInputStream in;

    private Client(SocketChannel channel, Layer layer) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.socket().setSoTimeout(TIMEOUT_MILLIS);
        socket = layer.over(channel.socket());
        in = new DataInputStream(socket.getInputStream());
    }

    /** @throws UnsupportedOperationException if the server does not compress as it should */
    static Client connect(int port, boolean deflate) throws IOException {
        return connect(port, deflate, Layer.NONE);
    }

    static Client connect(int port, Layer layer) throws IOException {
        return connect(port, false, layer);
    }

    private static Client connect(int port, boolean deflate, Layer layer) throws IOException {
        var channel = SocketChannel.open(new InetSocketAddress(TestedServer.address(), port));
        try {
            var client = new Client(channel, layer);
            client.upgrade(port, deflate);
            return client;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void upgrade(int port, boolean deflate) throws IOException {
        socket.getOutputStream().write(Opening.request(port, deflate));
        var head = new byte[8192];
        int length = 0;
        int end = 0;
        while (end == 0) {
            int count = in.read(head, length, head.length - length);
            if (count < 0) {
                throw new EOFException("the server closes instead of answering");
            }
            length += count;
            end = Opening.end(head, length);
        }
        if (end < length) {
            throw new IOException("the server speaks first");
        }
        if (deflate) {
            Opening.checkDeflate(head, length);
        }
    }

    /** Sends a message, and compares what comes back. */
    void exchange(ClientMessage message) throws IOException {
        socket.getOutputStream().write(message.frame());
        var reply = new ByteArrayOutputStream();
        boolean compressed = false;
        int first;
        do {
            first = in.readUnsignedByte();
            var payload = payload();
            if ((first & OPCODE) < CLOSE) {
                compressed |= (first & RSV1) != 0;
                reply.write(payload);
            } else if ((first & OPCODE) == CLOSE) {
                throw new IOException("the server closes the connection");
            }
        } while ((first & FIN) == 0 || (first & OPCODE) >= CLOSE);
        message.check(reply.toByteArray(), compressed);
    }

    private byte[] payload() throws IOException {
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        return in.readNBytes(length);
    }

    /** The socket, which does not block any more. */
    SocketChannel channel() throws IOException {
        channel.configureBlocking(false);
        return channel;
    }

    void close() throws IOException {
        channel.close();
    }
}
