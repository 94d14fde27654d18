package io.github.postern.benchmarks.server;

import io.github.postern.benchmarks.Frames;
import io.github.postern.benchmarks.process.ServerCpu;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Connects, upgrades, and closes as soon as that is done; when the server has closed the socket, the next connection follows. */
final class HandshakeLoad {
    private static final byte[] CLOSE = Frames.masked(0x88, new byte[] {0x03, (byte) 0xE8});
    private static final int CLOSE_REPLY = 0x88;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1000;

    /** How long a server may keep the socket that it should close. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long POLL_MILLIS = 50;

    private final InetSocketAddress address;
    private final byte[] request;
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    private final Set<Attempt> attempts = new HashSet<>();
    private long done;
    private long endless;

    private HandshakeLoad(int port, Selector selector) {
        address = new InetSocketAddress(TestedServer.address(), port);
        request = Opening.request(port, false);
        this.selector = selector;
    }

    static Measurement run(Row row, int port, ServerCpu cpu, LoadTimes times) throws IOException {
        try (var selector = Selector.open()) {
            var load = new HandshakeLoad(port, selector);
            try {
                return load.measure(row.connections(), cpu, times);
            } finally {
                for (var attempt : load.attempts) {
                    attempt.channel.close();
                }
            }
        }
    }

    private Measurement measure(int concurrent, ServerCpu cpu, LoadTimes times) throws IOException {
        for (int i = 0; i < concurrent; i++) {
            begin();
        }
        work(System.nanoTime() + times.warmUpNanos());
        done = 0;
        endless = 0;
        long cpuBefore = cpu.nanos();
        long begin = System.nanoTime();
        work(begin + times.measuredNanos());
        long nanos = System.nanoTime() - begin;
        long cpuNanos = cpu.nanos() - cpuBefore;
        if (done == 0 || endless > done / 100) {
            throw new IOException("of " + done + " connections the server has not ended " + endless);
        }
        var values = new EnumMap<Measure, Double>(Measure.class);
        values.put(Measure.CPU, cpuNanos / NANOS_PER_MICRO / done);
        values.put(Measure.RATE, done * NANOS_PER_SECOND / nanos);
        return new Measurement(values);
    }

    private void begin() throws IOException {
        var channel = SocketChannel.open();
        var attempt = new Attempt(channel);
        attempts.add(attempt);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        if (channel.connect(address)) {
            channel.register(selector, SelectionKey.OP_READ, attempt);
            channel.write(ByteBuffer.wrap(request));
        } else {
            channel.register(selector, SelectionKey.OP_CONNECT, attempt);
        }
    }

    private void work(long end) throws IOException {
        try {
            for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                selector.select(this::ready, POLL_MILLIS);
                giveUp(now);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void ready(SelectionKey key) {
        var attempt = (Attempt) key.attachment();
        try {
            if (key.isConnectable()) {
                attempt.channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                attempt.channel.write(ByteBuffer.wrap(request));
            } else if (attempt.read(buffer)) {
                done++;
                next(attempt);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void giveUp(long now) throws IOException {
        var late = attempts.stream().filter(attempt -> attempt.hasWaited(now)).toList();
        for (var attempt : late) {
            done++;
            endless++;
            next(attempt);
        }
    }

    private void next(Attempt attempt) throws IOException {
        attempt.channel.close();
        attempts.remove(attempt);
        begin();
    }

    private static final class Attempt {
        final SocketChannel channel;
        private final byte[] received = new byte[8192];
        private int length;
        private boolean open;
        private boolean closing;
        private long closingSince;

        Attempt(SocketChannel channel) {
            this.channel = channel;
        }

        boolean hasWaited(long now) {
            return closing && now - closingSince > PATIENCE_NANOS;
        }

        /** Whether that was the end. */
        boolean read(ByteBuffer buffer) throws IOException {
            int count = channel.read(buffer.clear());
            if (count < 0) {
                if (!closing) {
                    throw new IOException("the server closes without saying so");
                }
                return true;
            }
            buffer.flip().get(received, length, count);
            length += count;
            if (!open) {
                int end = Opening.end(received, length);
                if (end > 0) {
                    open = true;
                    length -= end;
                    System.arraycopy(received, end, received, 0, length);
                    channel.write(ByteBuffer.wrap(CLOSE));
                }
            }
            if (!closing && open && length > 0 && (received[0] & 0xFF) == CLOSE_REPLY) {
                closing = true;
                closingSince = System.nanoTime();
            }
            return false;
        }
    }
}
