package io.github.postern.samples.compare;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: passes bytes and their end on, each as much later as the network's latency is when it comes. Bytes are metered before they
 * are passed on, so that nobody can have seen a byte that is not counted.
 */
final class Pump {
    private static final int BUFFER = 16 * 1024;
    private static final int MOST_UNDER_WAY = 256;

    private final Socket from;
    private final Socket to;
    private final Consumer<ByteBuffer> meter;
    private final LongSupplier latencyNanos;
    private final BlockingQueue<Parcel> underWay = new LinkedBlockingQueue<>(MOST_UNDER_WAY);

    /** Writes what is under way. There is none until something is late for the first time. */
    private @Nullable Thread writer;

    /** Bytes that are late; none are the end. */
    private static final class Parcel {
        final byte[] bytes;
        final long due;

        Parcel(byte[] bytes, long due) {
            this.bytes = bytes;
            this.due = due;
        }
    }

    Pump(Socket from, Socket to, Consumer<ByteBuffer> meter, LongSupplier latencyNanos) {
        this.from = from;
        this.to = to;
        this.meter = meter;
        this.latencyNanos = latencyNanos;
    }

    /** Runs until the end of what comes in has been passed on, or the connection has broken. */
    void run() throws InterruptedException {
        try {
            var buffer = new byte[BUFFER];
            var in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                meter.accept(ByteBuffer.wrap(buffer, 0, read));
                pass(buffer, read);
            }
            pass(buffer, 0);
        } catch (IOException e) {
            breakBoth();
        }
        if (writer != null) {
            underWay.put(new Parcel(new byte[0], System.nanoTime()));
            writer.join();
        }
    }

    private void pass(byte[] buffer, int length) throws IOException, InterruptedException {
        long latency = latencyNanos.getAsLong();
        if (writer == null && latency == 0) {
            write(buffer, length);
            return;
        }
        if (writer == null) {
            writer = Thread.ofVirtual().name("relay-late").start(this::writeWhenDue);
        }
        underWay.put(new Parcel(Arrays.copyOf(buffer, length), System.nanoTime() + latency));
    }

    private void write(byte[] bytes, int length) throws IOException {
        if (length == 0) {
            to.shutdownOutput();
        } else {
            to.getOutputStream().write(bytes, 0, length);
        }
    }

    private void writeWhenDue() {
        boolean ended = false;
        while (!ended) {
            try {
                var parcel = underWay.take();
                for (long left = parcel.due - System.nanoTime(); left > 0; left = parcel.due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                ended = parcel.bytes.length == 0;
                write(parcel.bytes, parcel.bytes.length);
            } catch (IOException e) {
                breakBoth(); // and what is still under way goes nowhere
            } catch (InterruptedException e) {
                breakBoth();
                return;
            }
        }
    }

    /** One connection broke, and so must the other. */
    private void breakBoth() {
        for (var socket : new Socket[] {from, to}) {
            try {
                socket.close();
            } catch (IOException e) {
                // its descriptor is released all the same
            }
        }
    }
}
