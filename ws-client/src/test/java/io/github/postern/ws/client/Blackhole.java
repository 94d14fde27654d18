package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** An address and port of this host where nothing answers: a listener whose backlog is full. */
final class Blackhole implements AutoCloseable {
    private static final int MANY = 64;
    private static final int TIMEOUT_MILLIS = 200;

    private final List<Socket> backlog = new ArrayList<>();
    private final ServerSocket listener;

    /** At an address of loopback, and at the port where something else listens on another address. */
    Blackhole(InetAddress address, int port) throws IOException {
        listener = new ServerSocket(port, 1, address);
        boolean full = false;
        while (!full && backlog.size() < MANY) {
            var socket = new Socket();
            backlog.add(socket);
            try {
                socket.connect(listener.getLocalSocketAddress(), TIMEOUT_MILLIS);
            } catch (SocketTimeoutException e) {
                full = true;
            }
        }
        assertTrue(full, "the backlog has no end");
    }

    InetAddress address() {
        return listener.getInetAddress();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : backlog) {
            socket.close();
        }
    }
}
