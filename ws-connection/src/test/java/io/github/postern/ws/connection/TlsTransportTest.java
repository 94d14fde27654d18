package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.TlsPair.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What passes through TLS, and what is kept for it. The peer is the JDK's own TLS. */
@Timeout(120)
class TlsTransportTest {
    private static final int[] SIZES = {
        0, 1, 2, 143, 144, 145, 297, 298, 299, 320, 8000, 16383, 16384, 16385, 32768, 70_000
    };

    /** What a read waits with. */
    private static final class Watched extends TlsPair.Between {
        volatile int capacity;

        Watched(Transport plain) {
            super(plain);
        }

        @Override
        public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
            capacity = dst.capacity();
            return plain.read(dst, timeoutNanos);
        }
    }

    /** Reads one byte at a time. */
    private static final class Dribbling extends TlsPair.Between {
        Dribbling(Transport plain) {
            super(plain);
        }

        @Override
        public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
            return readUpTo(1, dst, timeoutNanos);
        }
    }

    /** Behind the handshake, lets through as much as it is told, and then its time runs out. */
    private static final class Dam extends TlsPair.Between {
        int open = Integer.MAX_VALUE;

        Dam(Transport plain) {
            super(plain);
        }

        @Override
        public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
            if (open == 0) {
                assertTrue(timeoutNanos > 0, "waits for ever");
                return 0;
            }
            int read = readUpTo(open, dst, timeoutNanos);
            open -= Math.max(0, read);
            return read;
        }
    }

    private static byte[] random(int size, long seed) {
        var bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void data_of_any_size_passes_both_ways(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            for (int size : SIZES) {
                var data = random(size, size);
                var src = ByteBuffer.wrap(data);
                var writing = Fixture.start(() -> {
                    pair.own.write(src);
                    return null;
                });
                assertArrayEquals(data, pair.peer.getInputStream().readNBytes(size));
                writing.get();
                assertFalse(src.hasRemaining());
                var answering = Fixture.start(() -> {
                    pair.peer.getOutputStream().write(data);
                    return null;
                });
                assertArrayEquals(data, pair.read(size, 32 * 1024));
                answering.get();
            }
            assertFalse(pair.own.holdsBuffers());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_destination_smaller_than_the_record_loses_nothing(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            for (int pieces : new int[] {1, 144, 10_000}) {
                var data = random(20_000, pieces);
                pair.peer.getOutputStream().write(data);
                assertArrayEquals(data, pair.read(data.length, pieces));
                assertFalse(pair.own.holdsBuffers());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_part_of_an_array_is_read_to_and_written_from(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            var array = "--abc--".getBytes(StandardCharsets.US_ASCII);
            pair.own.write(ByteBuffer.wrap(array, 1, 5).slice().position(1).limit(4));
            var there = pair.peer.getInputStream().readNBytes(3);
            assertEquals("abc", new String(there, StandardCharsets.US_ASCII));
            pair.peer.getOutputStream().write("xyz".getBytes(StandardCharsets.US_ASCII));
            assertEquals(3, pair.own.read(ByteBuffer.wrap(array, 1, 5).slice().position(1), TlsPair.PATIENCE_NANOS));
            assertEquals("--xyz--", new String(array, StandardCharsets.US_ASCII));
        }
    }

    @ParameterizedTest
    @EnumSource
    void records_that_arrive_byte_by_byte_are_put_together(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind, Dribbling::new)) {
            var data = random(17_000, 1);
            pair.peer.getOutputStream().write(data);
            assertArrayEquals(data, pair.read(data.length, 32 * 1024));
            assertFalse(pair.own.holdsBuffers());
        }
    }

    @ParameterizedTest
    @EnumSource
    void time_that_runs_out_within_a_record_loses_nothing(Kind kind) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        var dam = new Dam[1];
        try (var pair = TlsPair.open(kind, plain -> dam[0] = new Dam(plain))) {
            var data = random(50_000, seed);
            var all = ByteBuffer.allocate(data.length);
            pair.peer.getOutputStream().write(data);
            int timeouts = 0;
            while (all.hasRemaining()) {
                dam[0].open = 1 + random.nextInt(3000);
                var piece = ByteBuffer.allocate(random.nextBoolean() ? 144 : 32 * 1024);
                int read = pair.own.read(piece, TlsPair.PATIENCE_NANOS);
                assertEquals(read, piece.position());
                timeouts += read == 0 ? 1 : 0;
                all.put(piece.flip());
            }
            assertArrayEquals(data, all.array());
            assertTrue(timeouts > 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_peer_that_dribbles_does_not_stretch_the_time(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            var plain = pair.peerPlain().getOutputStream();
            plain.write(new byte[] {23, 3, 3, 0x40, 0}); // the head of a record of 16 KiB
            var dribbling = Fixture.start(() -> {
                while (true) {
                    plain.write(0);
                    LockSupport.parkNanos(1_000_000);
                }
            });
            assertEquals(0, pair.own.read(ByteBuffer.allocate(144), 100_000_000));
            pair.own.close();
            assertThrows(ExecutionException.class, dribbling::get);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_read_of_a_silent_peer_takes_as_long_as_it_may(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            long begin = System.nanoTime();
            assertEquals(0, pair.own.read(ByteBuffer.allocate(144), 30_000_000));
            assertTrue(System.nanoTime() - begin >= 29_000_000);
            pair.peer.getOutputStream().write(7);
            assertArrayEquals(new byte[] {7}, pair.read(1, 144));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_idle_connection_waits_with_a_small_buffer(Kind kind) throws Exception {
        var watched = new Watched[1];
        try (var pair = TlsPair.open(kind, plain -> watched[0] = new Watched(plain))) {
            pair.peer.getOutputStream().write(random(8000, 1));
            pair.read(8000, 144);
            assertEquals(0, pair.own.read(ByteBuffer.allocate(144), 1));
            assertEquals(TlsInput.SMALL, watched[0].capacity);
            assertFalse(pair.own.holdsBuffers());
            assertEquals(0, pair.own.read(ByteBuffer.allocate(16 * 1024), 1));
            assertEquals(BufferPool.BUFFER_SIZE, watched[0].capacity);
            assertFalse(pair.own.holdsBuffers());
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_has_arrived_is_known_also_behind_what_was_read(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            pair.peer.getOutputStream().write(1);
            pair.read(1, 144); // and with it what came with the handshake
            assertEquals(0, pair.own.available());
            pair.peer.getOutputStream().write(new byte[10]);
            pair.peer.getOutputStream().write(new byte[10]);
            pair.read(4, 4);
            assertEquals(6, pair.own.available(), "of a record that was read in part");
            pair.read(6, 144);
            assertTrue(pair.own.available() > 0, "the next record");
            pair.read(10, 144);
            assertEquals(0, pair.own.available());
        }
    }

    @ParameterizedTest
    @EnumSource
    void buffers_are_held_while_a_record_or_its_data_are_incomplete(Kind kind) throws Exception {
        var dam = new Dam[1];
        try (var pair = TlsPair.open(kind, plain -> dam[0] = new Dam(plain))) {
            if (kind == Kind.CLIENT_13) { // a ticket came with the handshake
                assertEquals(0, pair.own.read(ByteBuffer.allocate(144), 1));
            }
            pair.peer.getOutputStream().write(random(8000, 1));
            dam[0].open = TlsInput.SMALL - 1;
            assertEquals(0, pair.own.read(ByteBuffer.allocate(144), 1_000_000_000));
            assertFalse(pair.own.holdsBuffers(), "less than the small buffer holds");
            dam[0].open = 1;
            assertEquals(0, pair.own.read(ByteBuffer.allocate(144), 1_000_000_000));
            assertTrue(pair.own.holdsBuffers(), "as much as it holds");
            dam[0].open = Integer.MAX_VALUE;
            pair.read(7999, 7999);
            assertTrue(pair.own.holdsBuffers(), "the last byte is left");
            pair.read(1, 1);
            assertFalse(pair.own.holdsBuffers());
        }
    }

    @ParameterizedTest
    @EnumSource
    void reader_and_writer_do_not_disturb_each_other(Kind kind) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var there = random(600_000, seed);
        var back = random(600_000, seed + 1);
        try (var pair = TlsPair.open(kind)) {
            var writing = Fixture.start(() -> {
                var random = new Random(seed);
                for (int at = 0; at < there.length; ) {
                    int size = Math.min(there.length - at, 1 + random.nextInt(40_000));
                    pair.own.write(ByteBuffer.wrap(there, at, size));
                    at += size;
                }
                return null;
            });
            var answering = Fixture.start(() -> {
                var random = new Random(seed + 1);
                for (int at = 0; at < back.length; ) {
                    int size = Math.min(back.length - at, 1 + random.nextInt(random.nextBoolean() ? 40_000 : 200));
                    pair.peer.getOutputStream().write(back, at, size);
                    at += size;
                    if (!kind.is12() && at < back.length && random.nextInt(20) == 0) {
                        pair.peer.startHandshake(); // which asks for new keys; behind the last byte nobody would read
                        // that
                    }
                }
                return null;
            });
            var arriving = Fixture.start(() -> pair.peer.getInputStream().readNBytes(there.length));
            assertArrayEquals(back, pair.read(back.length, 10_000));
            writing.get();
            answering.get();
            assertArrayEquals(there, arriving.get());
            assertFalse(pair.own.holdsBuffers());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_13", "CLIENT_13"})
    void an_answer_to_a_key_update_goes_out_with_the_next_write(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            for (int i = 0; i < 3 * TlsInput.MAX_WITHOUT_DATA; i++) {
                pair.peer.startHandshake();
                pair.peer.getOutputStream().write(i);
                assertArrayEquals(new byte[] {(byte) i}, pair.read(1, 144));
                pair.own.write(ByteBuffer.wrap(new byte[] {(byte) i}));
                assertEquals(i, pair.peer.getInputStream().read());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_13", "CLIENT_13"})
    void requests_for_new_keys_beyond_the_limit_fail_the_peer(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            pair.peer.getOutputStream().write(1);
            assertArrayEquals(new byte[] {1}, pair.read(1, 144), "and what came with the handshake");
            for (int i = 0; i < TlsInput.MAX_WITHOUT_DATA; i++) {
                pair.peer.startHandshake();
            }
            pair.peer.getOutputStream().write(1);
            assertArrayEquals(new byte[] {1}, pair.read(1, 144), "32 are taken");
            pair.peer.startHandshake(); // whose first is not answered, so that data between them do not count
            pair.peer.getOutputStream().write(1);
            var thrown = assertThrows(SSLException.class, () -> pair.read(1, 144));
            assertEquals("more than 32 TLS records without data", thrown.getMessage());
            assertFalse(pair.own.holdsBuffers());
            assertEquals(-1, pair.peer.getInputStream().read(), "an end, behind the answers");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_12", "CLIENT_12"})
    void renegotiation_is_refused(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            var again = Fixture.start(() -> {
                pair.peer.startHandshake();
                return pair.peer.getInputStream().read();
            });
            var thrown = assertThrows(SSLException.class, () -> pair.read(1, 144));
            assertEquals("the peer began another TLS handshake, which is refused", thrown.getMessage());
            assertThrows(SSLException.class, () -> pair.own.read(ByteBuffer.allocate(1), 0));
            pair.own.close();
            try {
                assertEquals(-1, again.get());
            } catch (ExecutionException e) {
                assertTrue(e.getCause() instanceof IOException, e.toString());
            }
        }
    }
}
