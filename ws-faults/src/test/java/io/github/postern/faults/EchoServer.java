package io.github.postern.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Returns the bytes of one connection after the other. */
final class EchoServer implements AutoCloseable {
    private final ServerSocket listener;

    EchoServer() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (var socket = listener.accept()) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException e) {
                // closed, or the client is gone
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
