package io.github.postern.push;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/** A TCP relay before a server that seems to be far away: everything comes through later by the same time, and as fast as it was sent. */
final class DistantRelay implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final long oneWayNanos;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Bytes under way, in their order; none for the end. */
    private static final class Parcel implements Delayed {
        private final byte[] bytes;
        private final long due;

        Parcel(byte[] bytes, long due) {
            this.bytes = bytes;
            this.due = due;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.signum(due - ((Parcel) other).due);
        }
    }

    DistantRelay(int target, Duration roundTrip) throws IOException {
        this.target = target;
        this.oneWayNanos = roundTrip.toNanos() / 2;
        Thread.ofVirtual().name("distant-relay").start(this::accept);
    }

    URI uri() {
        return URI.create("http://localhost:" + listener.getLocalPort() + "/push");
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                for (var socket : new Socket[] {client, server}) {
                    socket.setTcpNoDelay(true);
                    open.add(socket);
                }
                carry(client, server);
                carry(server, client);
            }
        } catch (IOException e) {
            // closed, at the end of the test
        }
    }

    private void carry(Socket from, Socket to) {
        var underWay = new DelayQueue<Parcel>();
        Thread.ofVirtual().name("distant-relay-in").start(() -> take(from, underWay));
        Thread.ofVirtual().name("distant-relay-out").start(() -> deliver(underWay, to));
    }

    private void take(Socket from, BlockingQueue<Parcel> underWay) {
        var buffer = new byte[BUFFER];
        try {
            for (int n = from.getInputStream().read(buffer);
                    n > 0;
                    n = from.getInputStream().read(buffer)) {
                underWay.add(new Parcel(Arrays.copyOf(buffer, n), System.nanoTime() + oneWayNanos));
            }
        } catch (IOException e) {
            // an end as well
        }
        underWay.add(new Parcel(new byte[0], System.nanoTime() + oneWayNanos));
    }

    private void deliver(BlockingQueue<Parcel> underWay, Socket to) {
        try (to) {
            for (var parcel = underWay.take(); parcel.bytes.length > 0; parcel = underWay.take()) {
                to.getOutputStream().write(parcel.bytes);
            }
        } catch (IOException | InterruptedException e) {
            // one side is gone, and so is the other
        } finally {
            open.remove(to);
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
