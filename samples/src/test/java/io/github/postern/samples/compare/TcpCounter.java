package io.github.postern.samples.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.LongAdder;

/** Passes TCP connections on to a port of this machine, and counts bytes. It knows nothing of what they mean, and shares no code with what it checks. */
final class TcpCounter implements AutoCloseable {
    final LongAdder up = new LongAdder();
    final LongAdder down = new LongAdder();
    private final ServerSocketChannel listener;

    TcpCounter(int port) throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var client = listener.accept();
                    var server = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    server.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    Thread.ofVirtual().start(() -> copy(client, server, up));
                    Thread.ofVirtual().start(() -> copy(server, client, down));
                }
            } catch (IOException e) {
                // closed
            }
        });
    }

    private static void copy(SocketChannel from, SocketChannel to, LongAdder count) {
        var buffer = ByteBuffer.allocate(8192);
        try (from;
                to) {
            while (from.read(buffer.clear()) >= 0) {
                count.add(buffer.flip().remaining());
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (IOException e) {
            // one side has gone, and so goes the other
        }
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
