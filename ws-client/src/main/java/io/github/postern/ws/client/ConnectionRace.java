package io.github.postern.ws.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of several addresses that answers (RFC 8305 §5): an attempt starts when the one before it has
 * failed or has had its delay, and goes on beside it. For one thread, which runs one race.
 */
final class ConnectionRace {
    /** How one attempt ended. */
    private record Finish(
            Socket socket, InetAddress address, @Nullable IOException failure) {}

    private final OpenSockets sockets;
    private final int port;
    private final long delayNanos;
    private final BlockingQueue<Finish> finishes = new LinkedBlockingQueue<>();
    private final List<Socket> running = new ArrayList<>();
    private final List<Finish> failed = new ArrayList<>();

    ConnectionRace(OpenSockets sockets, int port, long delayNanos) {
        this.sockets = sockets;
        this.port = port;
        this.delayNanos = delayNanos;
    }

    /**
     * The first socket that is connected; the others are closed.
     *
     * @throws ConnectException if there is none; its message tells what became of each address, its cause of the first
     */
    Socket run(List<InetAddress> addresses) throws IOException, InterruptedException {
        int next = 0;
        while (next < addresses.size() || !running.isEmpty()) {
            if (next < addresses.size()) {
                start(addresses.get(next++));
            }
            var finish = next < addresses.size() ? finishes.poll(delayNanos, TimeUnit.NANOSECONDS) : finishes.take();
            if (finish == null) {
                continue; // the delay is over: the next one starts beside those that run
            }
            running.remove(finish.socket);
            if (finish.failure == null) {
                running.forEach(sockets::close);
                return finish.socket;
            }
            failed.add(finish);
            sockets.close(finish.socket);
        }
        throw failure();
    }

    private void start(InetAddress address) throws IOException {
        var socket = sockets.create();
        running.add(socket);
        Thread.ofVirtual().name("postern-client-tcp").start(() -> finishes.add(connect(socket, address)));
    }

    private Finish connect(Socket socket, InetAddress address) {
        try {
            socket.connect(new InetSocketAddress(address, port));
            return new Finish(socket, address, null);
        } catch (IOException e) {
            return new Finish(socket, address, e);
        }
    }

    private ConnectException failure() {
        var text = new StringBuilder("no connection to port ").append(port);
        for (var finish : failed) {
            text.append(finish == failed.getFirst() ? " of " : ", ").append(finish.address.getHostAddress());
            text.append(" (")
                    .append(finish.failure == null ? "" : finish.failure.getMessage())
                    .append(')');
        }
        var thrown = new ConnectException(text.toString());
        thrown.initCause(failed.getFirst().failure); // the text tells of the others
        return thrown;
    }
}
