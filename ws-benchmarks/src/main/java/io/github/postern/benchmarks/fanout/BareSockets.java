package io.github.postern.benchmarks.fanout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * No server but the floor beneath all of them: one write of bytes that are ready to each socket, by one thread and without any bookkeeping. What one message to one event stream costs at least, as
 * long as each takes a system call.
 */
final class BareSockets implements Publisher {
    static final String PATH = "/";

    private static final int LONGEST_REQUEST = 4096;
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final List<SocketChannel> subscribers = new CopyOnWriteArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST_REQUEST);

    @Override
    public int start() throws IOException {
        var server = ServerSocketChannel.open().bind(new InetSocketAddress(Publisher.address(), 0), BACKLOG);
        Thread.ofPlatform().daemon().name("accept").start(() -> accept(server));
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    private void accept(ServerSocketChannel server) {
        var request = ByteBuffer.allocate(LONGEST_REQUEST);
        try {
            while (true) {
                var channel = server.accept();
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.read(request.clear()); // whole, since it comes from a client that writes it at once
                channel.write(ByteBuffer.wrap(HEAD.getBytes(ISO_8859_1)));
                channel.configureBlocking(false);
                subscribers.add(channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void publish(String news) {
        var event = "data:" + news + "\n\n";
        buffer.clear();
        buffer.put((Integer.toHexString(event.length()) + "\r\n" + event + "\r\n").getBytes(ISO_8859_1));
        buffer.flip();
        subscribers.removeIf(this::isGone);
    }

    private boolean isGone(SocketChannel channel) {
        try {
            channel.write(buffer.rewind());
            return buffer.hasRemaining();
        } catch (IOException e) {
            return true;
        }
    }
}
