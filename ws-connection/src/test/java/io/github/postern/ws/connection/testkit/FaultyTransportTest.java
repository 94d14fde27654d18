package io.github.postern.ws.connection.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each fault, and that without one everything goes through. */
@Timeout(30)
class FaultyTransportTest {
    private static final long SHORT = Duration.ofMillis(10).toNanos();

    private final MemoryTransport.Pair ends = MemoryTransport.pair(16);
    private final MemoryTransport peer = ends.other();
    private final FaultyTransport faulty = new FaultyTransport(ends.one());

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    private int read(int room) throws IOException {
        return faulty.read(bytes(room), SHORT);
    }

    /** How much the peer can read at once. */
    private int arrived() throws IOException {
        return peer.read(bytes(100), SHORT);
    }

    @Test
    void without_faults_everything_goes_through() throws Exception {
        peer.write(bytes(3));
        assertEquals(2, read(2));
        assertEquals(1, read(2));
        assertEquals(0, read(2));
        var sent = bytes(5);
        faulty.write(sent);
        assertFalse(sent.hasRemaining());
        assertEquals(5, arrived());
        peer.shutdownOutput();
        assertEquals(-1, read(2));
        faulty.shutdownOutput();
        assertEquals(-1, arrived());
    }

    @Test
    void a_delay_may_be_longer_than_there_are_nanoseconds() {
        faulty.delay(ChronoUnit.FOREVER.getDuration()).close();
        assertThrows(IOException.class, () -> faulty.read(bytes(1), 0));
    }

    @Test
    void split_limits_each_read_and_write() throws Exception {
        faulty.split(2);
        peer.write(bytes(5));
        assertEquals(2, read(4));
        assertEquals(1, read(1));
        assertEquals(2, read(4));
        faulty.write(bytes(5));
        assertEquals(3, ends.one().writes());
        assertEquals(5, arrived());
    }

    @Test
    void delay_waits_first() throws Exception {
        faulty.delay(Duration.ofMillis(20));
        peer.write(bytes(1));
        long before = System.nanoTime();
        assertEquals(1, faulty.read(bytes(1), 0));
        faulty.write(bytes(1));
        assertTrue(System.nanoTime() - before >= Duration.ofMillis(40).toNanos());
    }

    @Test
    void a_stalled_read_times_out_or_waits_and_loses_nothing() throws Exception {
        faulty.stallReads();
        peer.write(bytes(1));
        assertEquals(0, read(1));
        var reading = new FutureTask<>(() -> faulty.read(bytes(1), 0));
        Thread.ofVirtual().start(reading);
        faulty.resume();
        assertEquals(1, reading.get());
    }

    @Test
    void a_stalled_write_waits() throws Exception {
        faulty.stallWrites();
        var writing = new FutureTask<>(() -> {
            faulty.write(bytes(3));
            return true;
        });
        Thread.ofVirtual().start(writing);
        assertEquals(0, arrived());
        faulty.resume();
        assertTrue(writing.get());
        assertEquals(3, arrived());
    }

    @Test
    void closing_frees_whoever_is_stalled() throws Exception {
        faulty.stallReads().stallWrites();
        var reading = new FutureTask<>(() -> assertThrows(IOException.class, () -> faulty.read(bytes(1), 0)));
        var writing = new FutureTask<>(() -> assertThrows(IOException.class, () -> faulty.write(bytes(1))));
        Thread.ofVirtual().start(reading);
        Thread.ofVirtual().start(writing);
        faulty.close();
        reading.get();
        writing.get();
        assertTrue(ends.one().isClosed());
    }

    @Test
    void truncation_ends_the_stream_at_its_place() throws Exception {
        faulty.truncateAfter(3);
        peer.write(bytes(5));
        assertEquals(3, read(5));
        assertEquals(-1, read(5));
        faulty.write(bytes(1));
        assertEquals(1, arrived());
    }

    @Test
    void a_reset_fails_reads_and_writes_at_its_place() throws Exception {
        faulty.resetAfter(5);
        peer.write(bytes(2));
        assertEquals(2, read(2));
        var sent = bytes(4);
        assertThrows(SocketException.class, () -> faulty.write(sent));
        assertEquals(1, sent.remaining());
        assertEquals(3, arrived());
        assertThrows(SocketException.class, () -> read(1));
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> faulty.split(0));
        assertThrows(IllegalArgumentException.class, () -> faulty.delay(Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> faulty.truncateAfter(-1));
        assertThrows(IllegalArgumentException.class, () -> faulty.resetAfter(-1));
        assertThrows(IllegalArgumentException.class, () -> MemoryTransport.pair(0));
    }
}
