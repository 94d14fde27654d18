package io.github.postern.benchmarks.fanout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.postern.benchmarks.Frames;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The socket of one client while it subscribes, blocking. */
final class Wire {
    private static final int SIZE = 8192;
    private static final int TIMEOUT_MILLIS = 20_000;

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(SIZE);

    private Wire(SocketChannel channel) {
        this.channel = channel;
    }

    static Wire connect(int port) throws IOException {
        var channel = SocketChannel.open(new InetSocketAddress(Publisher.address(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.socket().setSoTimeout(TIMEOUT_MILLIS);
        return new Wire(channel);
    }

    void get(int port, String path, String... headers) throws IOException {
        var head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n");
        for (var header : headers) {
            head.append(header).append("\r\n");
        }
        send(head.append("\r\n").toString().getBytes(ISO_8859_1));
    }

    /** Opens a WebSocket. */
    void upgrade(int port, String path, String... headers) throws IOException {
        var all = new String[headers.length + 4];
        all[0] = "Upgrade: websocket";
        all[1] = "Connection: Upgrade";
        all[2] = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
        all[3] = "Sec-WebSocket-Version: 13";
        System.arraycopy(headers, 0, all, 4, headers.length);
        get(port, path, all);
        await("HTTP/1.1 101", "\r\n\r\n");
    }

    void sendText(String text) throws IOException {
        send(Frames.masked(Frames.TEXT, text.getBytes(ISO_8859_1)));
    }

    void send(byte[] bytes) throws IOException {
        var rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /**
     * Reads until all of these have come, one behind the other, and returns what has.
     *
     * @throws IOException if something else has come instead, or nothing more
     */
    String await(String... wanted) throws IOException {
        while (true) {
            var text = received();
            int end = 0;
            for (var part : wanted) {
                int begin = end < 0 ? -1 : text.indexOf(part, end);
                end = begin < 0 ? -1 : begin + part.length();
            }
            if (end >= 0) {
                buffer.flip().position(end);
                buffer.compact();
                return text.substring(0, end);
            }
            if (!buffer.hasRemaining()) {
                throw new IOException("no " + String.join(" … ", wanted) + " in " + text);
            }
            int count = channel.socket().getInputStream().read(buffer.array(), buffer.position(), buffer.remaining());
            if (count < 0) {
                throw new EOFException("the server closes after " + text);
            }
            buffer.position(buffer.position() + count);
        }
    }

    private String received() {
        return new String(buffer.array(), 0, buffer.position(), ISO_8859_1);
    }

    /** The socket, which does not block any more. What has come beyond what was awaited is nobody's. */
    SocketChannel channel() throws IOException {
        channel.configureBlocking(false);
        return channel;
    }

    void close() throws IOException {
        channel.close();
    }
}
