package io.github.postern.push;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What round trips take at that distance, one behind the other, all the time: a byte that comes back. On a busy machine, whose threads wait for a processor, that is
 * longer than the distance alone.
 */
final class RoundTrips implements AutoCloseable {
    private final ServerSocket mirror = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final DistantRelay relay;
    private final Socket socket;
    private final ReentrantLock lock = new ReentrantLock();

    /** When the first one began, and each was done. Guarded by lock. */
    private final List<Long> times = new ArrayList<>();

    RoundTrips(Duration distance) throws IOException {
        Thread.ofVirtual().name("round-trips-mirror").start(this::mirror);
        relay = new DistantRelay(mirror.getLocalPort(), distance);
        socket = new Socket(InetAddress.getLoopbackAddress(), relay.uri().getPort());
        socket.setTcpNoDelay(true);
        times.add(System.nanoTime());
        Thread.ofVirtual().name("round-trips").start(this::travel);
    }

    private void mirror() {
        try (var peer = mirror.accept()) {
            peer.setTcpNoDelay(true);
            peer.getInputStream().transferTo(peer.getOutputStream());
        } catch (IOException e) {
            // closed, at the end of the test
        }
    }

    private void travel() {
        try {
            do {
                socket.getOutputStream().write(1);
            } while (socket.getInputStream().read() == 1 && add(System.nanoTime()));
        } catch (IOException e) {
            // closed, at the end of the test
        }
    }

    private boolean add(long time) {
        lock.lock();
        try {
            return times.add(time);
        } finally {
            lock.unlock();
        }
    }

    /** The longest time of so many in a row, of those of which one was under way between two times; in nanoseconds. */
    long longest(int count, long from, long to) {
        lock.lock();
        try {
            long longest = 0;
            for (int i = count; i < times.size(); i++) {
                long begin = times.get(i - count);
                long end = times.get(i);
                if (end - from >= 0 && begin - to <= 0) {
                    longest = Math.max(longest, end - begin);
                }
            }
            return longest;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        relay.close();
        mirror.close();
    }
}
