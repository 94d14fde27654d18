package io.github.postern.samples.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands between clients and a server on this machine, passes their TCP connections on, and counts every byte that the
 * sockets carry: heads, framing and acknowledgements as well as messages. What TCP and IP add is not counted.
 */
final class Relay implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final LongAdder down = new LongAdder();
    private final LongAdder up = new LongAdder();
    private final LongAdder requests = new LongAdder();

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
        return new Traffic(down.sum(), up.sum(), requests.sum());
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
        try (client;
                var server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            sockets.add(client);
            sockets.add(server);
            if (listener.isClosed()) {
                return;
            }
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            var answers = Thread.ofVirtual().name("relay-answers").start(() -> passDown(server, client));
            passUp(client, server);
            answers.join();
        } catch (IOException | InterruptedException e) {
            // the server does not listen, or the client has gone: the other side sees its connection end
        } finally {
            sockets.remove(client);
            sockets.removeIf(Socket::isClosed);
        }
    }

    private void passDown(Socket server, Socket client) {
        pump(server, client, bytes -> down.add(bytes.remaining()));
    }

    private void passUp(Socket client, Socket server) {
        var counter = new RequestCounter();
        pump(client, server, bytes -> {
            up.add(bytes.remaining());
            long before = counter.requests();
            counter.feed(bytes);
            requests.add(counter.requests() - before);
        });
    }

    /** Counts bytes before they are passed on, so that nobody can have seen a byte that is not counted. */
    private interface Meter {
        void count(ByteBuffer bytes);
    }

    private static void pump(Socket from, Socket to, Meter meter) {
        var buffer = new byte[BUFFER];
        try {
            var in = from.getInputStream();
            var out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                meter.count(ByteBuffer.wrap(buffer, 0, read));
                out.write(buffer, 0, read);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from); // one connection broke, and so must the other
            close(to);
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
