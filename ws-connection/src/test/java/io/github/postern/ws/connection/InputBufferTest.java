package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which buffer a connection reads into, and when it gives the large one back. */
class InputBufferTest {
    private static final long FOR_EVER = 0;

    /** Returns what it is told to, and writes down the buffers it was given. */
    private static final class Script implements Transport {
        final ArrayDeque<Integer> answers = new ArrayDeque<>();
        final List<Integer> capacities = new ArrayList<>();
        final List<Long> timeouts = new ArrayList<>();
        int available = -1;

        @Override
        public int read(ByteBuffer dst, long timeoutNanos) {
            capacities.add(dst.remaining());
            timeouts.add(timeoutNanos);
            int answer = Math.min(answers.remove(), dst.remaining());
            if (answer > 0) {
                dst.position(dst.position() + answer);
            }
            return answer;
        }

        @Override
        public int available() {
            return available;
        }

        @Override
        public void write(ByteBuffer src) {}

        @Override
        public void shutdownOutput() {}

        @Override
        public void close() {}
    }

    private final Script transport = new Script();
    private final InputBuffer input = new InputBuffer(ByteBuffer.allocate(0));

    private boolean mayWait;

    private int fill(long timeout, int... answers) throws IOException {
        for (int answer : answers) {
            transport.answers.add(answer);
        }
        mayWait = input.mayWait(transport);
        int read = input.fill(transport, timeout);
        assertEquals(Math.max(0, read), input.bytes().remaining());
        input.bytes().position(input.bytes().limit());
        assertTrue(transport.answers.isEmpty());
        return read;
    }

    @Test
    void an_idle_connection_waits_with_the_small_buffer() throws Exception {
        assertEquals(10, fill(FOR_EVER, 10));
        assertEquals(10, fill(FOR_EVER, 10));
        assertEquals(List.of(InputBuffer.SMALL, InputBuffer.SMALL), transport.capacities);
    }

    @Test
    void a_full_small_buffer_is_followed_by_a_large_one_as_long_as_much_arrives() throws Exception {
        fill(FOR_EVER, InputBuffer.SMALL - 1);
        fill(FOR_EVER, InputBuffer.SMALL);
        fill(FOR_EVER, 5000);
        fill(FOR_EVER, InputBuffer.SMALL + 1);
        fill(FOR_EVER, InputBuffer.SMALL);
        fill(FOR_EVER, 1);
        int large = BufferPool.BUFFER_SIZE;
        assertEquals(
                List.of(InputBuffer.SMALL, InputBuffer.SMALL, large, large, large, InputBuffer.SMALL),
                transport.capacities);
    }

    @Test
    void a_connection_that_falls_silent_gives_the_large_buffer_back_and_goes_on_waiting() throws Exception {
        fill(FOR_EVER, InputBuffer.SMALL);
        assertEquals(7, fill(FOR_EVER, 0, 7));
        assertEquals(List.of(InputBuffer.SMALL, BufferPool.BUFFER_SIZE, InputBuffer.SMALL), transport.capacities);
        assertEquals(List.of(0L, 1_000_000_000L, 0L), transport.timeouts);
    }

    @Test
    void a_short_timeout_ends_the_wait_with_the_large_buffer() throws Exception {
        fill(FOR_EVER, InputBuffer.SMALL);
        assertEquals(0, fill(1000, 0));
        assertEquals(List.of(0L, 1000L), transport.timeouts);
    }

    @Test
    void a_long_timeout_is_kept_across_both_buffers() throws Exception {
        fill(FOR_EVER, InputBuffer.SMALL);
        assertEquals(0, fill(5_000_000_000L, 0, 0));
        assertEquals(List.of(0L, 1_000_000_000L, 4_000_000_000L), transport.timeouts);
    }

    @Test
    void where_it_is_known_that_there_is_more_nothing_waits() throws Exception {
        int small = InputBuffer.SMALL;
        int large = BufferPool.BUFFER_SIZE;
        transport.available = 1;
        fill(FOR_EVER, small);
        assertTrue(mayWait);
        fill(FOR_EVER, large);
        assertFalse(mayWait);
        fill(FOR_EVER, large - 1);
        assertFalse(mayWait);
        assertEquals(List.of(small, large, large), transport.capacities);
        assertEquals(List.of(0L, 0L, 0L), transport.timeouts);
    }

    @Test
    void where_it_is_known_that_there_is_no_more_a_connection_waits_with_the_large_buffer_while_much_arrives_at_once()
            throws Exception {
        int small = InputBuffer.SMALL;
        int large = BufferPool.BUFFER_SIZE;
        transport.available = 0;
        fill(FOR_EVER, small);
        fill(FOR_EVER, small + 1);
        assertTrue(mayWait);
        fill(FOR_EVER, small);
        fill(FOR_EVER, small);
        assertEquals(List.of(small, large, large, small), transport.capacities);
        assertEquals(List.of(0L, 0L, 0L, 0L), transport.timeouts);
    }

    @Test
    void only_so_many_connections_wait_with_a_large_buffer_at_once() throws Exception {
        transport.available = 0;
        var others = new ArrayList<InputBuffer>();
        for (int i = 0; i < InputBuffer.MOST_HOLDERS - 1; i++) {
            others.add(waitingWithTheLarge());
        }
        assertEquals(BufferPool.BUFFER_SIZE, nextCapacity(input), "n");
        var late = new InputBuffer(ByteBuffer.allocate(0));
        assertEquals(InputBuffer.SMALL, nextCapacity(late), "n + 1");
        input.release();
        assertEquals(BufferPool.BUFFER_SIZE, nextCapacity(late), "after one has let go");
        late.release();
        others.forEach(InputBuffer::release);
    }

    private InputBuffer waitingWithTheLarge() throws IOException {
        var other = new InputBuffer(ByteBuffer.allocate(0));
        assertEquals(BufferPool.BUFFER_SIZE, nextCapacity(other));
        return other;
    }

    /** With how large a buffer one waits that has just got more than the small one holds. */
    private int nextCapacity(InputBuffer buffer) throws IOException {
        for (int i = 0; i < 2; i++) {
            transport.answers.add(InputBuffer.SMALL + 1);
            buffer.mayWait(transport);
            buffer.fill(transport, FOR_EVER);
            buffer.bytes().position(buffer.bytes().limit());
        }
        return transport.capacities.getLast();
    }

    @Test
    void the_end_of_the_stream_is_passed_on() throws Exception {
        fill(FOR_EVER, InputBuffer.SMALL);
        assertEquals(-1, fill(FOR_EVER, -1));
    }

    @Test
    void bytes_behind_the_handshake_come_first() {
        var leftover = ByteBuffer.wrap(new byte[] {1, 2, 3});
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), new InputBuffer(leftover).bytes());
    }
}
