package io.github.postern.samples.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands between clients and a server on this machine, passes their TCP connections on, and counts every byte that the
 * sockets carry: heads, framing and acknowledgements as well as messages. What TCP and IP add is not counted.
 */
final class Relay implements AutoCloseable {
    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final Tally down = new Tally();
    private final Tally up = new Tally();
    private final LongAdder requests = new LongAdder();
    private volatile long latencyNanos;

    private Relay(ServerSocket listener, int serverPort) {
        this.listener = listener;
        this.serverPort = serverPort;
    }

    /** Starts a relay in front of a port of this machine. */
    static Relay to(int serverPort) throws IOException {
        var relay = new Relay(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()), serverPort);
        Thread.ofVirtual().name("relay").start(relay::accept);
        return relay;
    }

    /** Where clients connect to. */
    int port() {
        return listener.getLocalPort();
    }

    /** What has been passed on so far, on all connections together. */
    Traffic traffic() {
        return new Traffic(down.split(), up.split(), requests.sum());
    }

    /** How many connections are open. */
    int connections() {
        return connections.get();
    }

    /** From now on everything is so much longer on its way, in each direction. */
    void delay(Duration latency) {
        latencyNanos = latency.toNanos();
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                Thread.ofVirtual().name("relay-connection").start(() -> pass(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pass(Socket client) {
        connections.incrementAndGet();
        try (client;
                var server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            sockets.add(client);
            sockets.add(server);
            if (listener.isClosed()) {
                return;
            }
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            var bytes = new ConnectionBytes(up, down, requests::increment);
            var answers = Thread.ofVirtual()
                    .name("relay-answers")
                    .start(() -> run(new Pump(server, client, bytes::down, () -> latencyNanos)));
            run(new Pump(client, server, bytes::up, () -> latencyNanos));
            answers.join();
        } catch (IOException | InterruptedException e) {
            // the server does not listen, or the client has gone: the other side sees its connection end
        } finally {
            sockets.remove(client);
            sockets.removeIf(Socket::isClosed);
            connections.decrementAndGet();
        }
    }

    private static void run(Pump pump) {
        try {
            pump.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the program ends
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // its descriptor is released all the same
        }
    }

    /** Ends all connections and stops listening. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            // its descriptor is released all the same
        }
        sockets.forEach(Relay::close);
    }
}
