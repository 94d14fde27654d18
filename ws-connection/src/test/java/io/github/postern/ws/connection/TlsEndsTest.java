package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.TlsPair.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How TLS comes to its end, well or badly. The peer is the JDK's own TLS. */
@Timeout(120)
class TlsEndsTest {
    private static ByteBuffer space() {
        return ByteBuffer.allocate(144);
    }

    private static void checkNothingHeld(TlsPair pair) {
        assertFalse(pair.own.holdsBuffers());
    }

    @ParameterizedTest
    @EnumSource
    void the_end_of_our_output_is_a_close_notify_and_we_can_still_read(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            pair.own.write(ByteBuffer.wrap(new byte[] {1}));
            pair.peer.getOutputStream().write(2); // on its way before the peer hears of the end
            pair.own.shutdownOutput();
            assertEquals(1, pair.peer.getInputStream().read());
            assertEquals(-1, pair.peer.getInputStream().read());
            assertEquals(1, pair.own.read(space(), TlsPair.PATIENCE_NANOS));
            if (!kind.is12()) { // in TLS 1.2 the peer has to end its output as well
                pair.peer.getOutputStream().write(3);
                assertEquals(1, pair.own.read(space(), TlsPair.PATIENCE_NANOS));
                pair.peer.shutdownOutput();
            }
            assertEquals(-1, pair.own.read(space(), TlsPair.PATIENCE_NANOS));
            assertThrows(SSLException.class, () -> pair.own.write(ByteBuffer.allocate(1)));
            checkNothingHeld(pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_peers_close_notify_is_the_end_and_stays_it(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            pair.peer.getOutputStream().write(1);
            pair.peer.shutdownOutput();
            assertEquals(1, pair.own.read(space(), TlsPair.PATIENCE_NANOS));
            assertEquals(-1, pair.own.read(space(), TlsPair.PATIENCE_NANOS));
            assertEquals(-1, pair.own.read(space(), 0));
            checkNothingHeld(pair);
            if (kind.is12()) {
                assertThrows(SSLException.class, () -> pair.own.write(ByteBuffer.allocate(1)));
            } else {
                pair.own.write(ByteBuffer.wrap(new byte[] {5}));
                assertEquals(5, pair.peer.getInputStream().read());
                pair.own.shutdownOutput();
            }
            assertEquals(-1, pair.peer.getInputStream().read(), "answered by a close_notify of ours");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_that_ends_without_close_notify_may_have_been_cut_short(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            pair.peer.getOutputStream().write(1);
            pair.peerPlain().shutdownOutput();
            assertEquals(1, pair.own.read(space(), TlsPair.PATIENCE_NANOS));
            for (int i = 0; i < 2; i++) {
                assertThrows(EOFException.class, () -> pair.own.read(space(), TlsPair.PATIENCE_NANOS));
            }
            checkNothingHeld(pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_that_ends_within_a_record_was_cut_short(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            pair.peerPlain().getOutputStream().write(new byte[] {23, 3, 3, 0x20, 0, 1, 2, 3});
            pair.peerPlain().shutdownOutput();
            assertThrows(EOFException.class, () -> pair.own.read(space(), TlsPair.PATIENCE_NANOS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_reset_is_an_exception_to_reader_and_writer(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            pair.peerPlain().setSoLinger(true, 0);
            pair.peerPlain().close();
            assertThrows(IOException.class, () -> pair.own.read(space(), TlsPair.PATIENCE_NANOS));
            assertThrows(IOException.class, () -> {
                while (true) {
                    pair.own.write(ByteBuffer.allocate(1000));
                }
            });
            checkNothingHeld(pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_forged_record_fails_the_connection_for_good_and_an_alert_says_so(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            var forged = new byte[5 + 100];
            System.arraycopy(new byte[] {23, 3, 3, 0, 100}, 0, forged, 0, 5);
            pair.peerPlain().getOutputStream().write(forged);
            for (var size : new int[] {144, 32 * 1024}) {
                assertThrows(SSLException.class, () -> pair.own.read(ByteBuffer.allocate(size), 0));
            }
            checkNothingHeld(pair);
            assertThrows(SSLException.class, () -> pair.own.write(ByteBuffer.allocate(1)));
            var alert = assertThrows(
                    SSLException.class, () -> pair.peer.getInputStream().read());
            assertTrue(String.valueOf(alert.getMessage()).contains("bad_record_mac"), alert.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_record_that_says_it_is_too_large_is_not_waited_for(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            pair.peerPlain().getOutputStream().write(new byte[] {23, 3, 3, 0x48, 1});
            var thrown = assertThrows(SSLException.class, () -> pair.own.read(space(), 0));
            assertEquals("a TLS record of 18433 bytes, more than there may be", thrown.getMessage());
            checkNothingHeld(pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_largest_record_there_may_be_is_waited_for(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            pair.peerPlain().getOutputStream().write(new byte[] {23, 3, 3, 0x48, 0});
            pair.peerPlain().getOutputStream().write(new byte[18431]);
            assertEquals(0, pair.own.read(space(), 1));
            assertEquals(0, pair.own.read(space(), 200_000_000));
            pair.peerPlain().getOutputStream().write(0);
            assertThrows(SSLException.class, () -> pair.own.read(space(), 0));
        }
    }

    /** Counts the writes that were begun. */
    private static final class Counting extends TlsPair.Between {
        final AtomicInteger writes = new AtomicInteger();

        Counting(Transport plain) {
            super(plain);
        }

        @Override
        public int read(ByteBuffer dst, long timeoutNanos) throws IOException {
            return plain.read(dst, timeoutNanos);
        }

        @Override
        public void write(ByteBuffer src) throws IOException {
            writes.incrementAndGet();
            super.write(src);
        }
    }

    /** A pair of which ours is inside of a write that the peer stalls, since it does not read. */
    private record Stalled(TlsPair pair, FutureTask<Void> writing) implements AutoCloseable {
        static Stalled open(Kind kind) throws Exception {
            var counting = new Counting[1];
            var pair = TlsPair.open(kind, plain -> counting[0] = new Counting(plain));
            FutureTask<Void> writing = Fixture.start(() -> {
                while (true) {
                    pair.own.write(ByteBuffer.allocate(100_000));
                }
            });
            int seen = 0;
            for (int calm = 0; calm < 20; ) { // 200 ms, in which a write that is not stalled would end
                LockSupport.parkNanos(10_000_000);
                int writes = counting[0].writes.get();
                calm = writes > 1 && writes == seen ? calm + 1 : 0;
                seen = writes;
            }
            return new Stalled(pair, writing);
        }

        @Override
        public void close() throws IOException {
            pair.close();
            checkFails(writing);
        }
    }

    private static void checkFails(FutureTask<?> task) {
        var thrown = assertThrows(ExecutionException.class, () -> task.get(10, TimeUnit.SECONDS));
        assertInstanceOf(IOException.class, thrown.getCause());
    }

    @ParameterizedTest
    @EnumSource
    void close_frees_reader_and_stalled_writer_at_once_and_may_be_called_again(Kind kind) throws Exception {
        try (var stalled = Stalled.open(kind)) {
            var pair = stalled.pair();
            var reading = Fixture.start(() -> pair.own.read(space(), 0));
            long begin = System.nanoTime();
            pair.own.close();
            pair.own.close();
            assertTrue(System.nanoTime() - begin < 1_000_000_000, "close blocks");
            checkFails(stalled.writing());
            checkFails(reading);
            assertTrue(pair.ownPlain().isClosed());
            checkNothingHeld(pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_stalled_writer_does_not_keep_the_reader_from_reading(Kind kind) throws Exception {
        try (var stalled = Stalled.open(kind)) {
            var pair = stalled.pair();
            pair.peer.getOutputStream().write(1);
            if (!kind.is12()) {
                pair.peer.startHandshake(); // new keys, whose answer has to wait
            }
            pair.peer.getOutputStream().write(2);
            assertEquals(1, pair.read(2, 144)[0]);
            pair.own.close();
            checkFails(stalled.writing());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_stalled_writer_does_not_keep_the_reader_from_the_end(Kind kind) throws Exception {
        try (var stalled = Stalled.open(kind)) {
            var pair = stalled.pair();
            Callable<Integer> read = () -> pair.own.read(space(), 0);
            var reading = Fixture.start(read);
            var forged = new byte[5 + 100];
            System.arraycopy(new byte[] {23, 3, 3, 0, 100}, 0, forged, 0, 5);
            pair.peerPlain().getOutputStream().write(forged);
            checkFails(reading);
            assertFalse(stalled.writing().isDone());
            pair.own.close();
            checkFails(stalled.writing());
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_interrupt_closes_the_socket_of_a_virtual_thread(Kind kind) throws Exception {
        try (var pair = TlsPair.open(kind)) {
            var reading = new FutureTask<>(() -> pair.own.read(space(), 0));
            var thread = Thread.ofVirtual().start(reading);
            thread.interrupt();
            checkFails(reading);
            assertTrue(pair.ownPlain().isClosed());
        }
    }
}
