package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class ByteFeedTest {
    private static final long SHORT = 1_000_000;
    private static final long LONG = 10_000_000_000L;

    private final ByteFeed feed = new ByteFeed();
    private final Source source = new Source();

    /** The HTTP client's side. */
    private static final class Source implements Flow.Subscription {
        private long requested;
        private boolean cancelled;

        @Override
        public void request(long n) {
            requested += n;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private static ByteBuffer bytes(int... values) {
        var buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    @Test
    void hands_out_the_bytes_in_order_and_then_the_end() throws Exception {
        feed.onSubscribe(source);
        feed.onNext(List.of(bytes(1, 2), bytes(), bytes(3)));
        feed.onNext(List.of(bytes(4)));
        feed.onComplete();
        assertEquals(bytes(1, 2), feed.next(LONG));
        assertEquals(bytes(3), feed.next(LONG));
        assertEquals(bytes(4), feed.next(LONG));
        assertNull(feed.next(LONG));
        assertNull(feed.next(LONG), "the end stays the end");
    }

    @Test
    void asks_for_more_only_when_everything_was_read() throws Exception {
        feed.onSubscribe(source);
        assertEquals(1, source.requested);
        feed.onNext(List.of(bytes(1), bytes(2)));
        assertNotNull(feed.next(LONG));
        assertNotNull(feed.next(LONG));
        assertEquals(1, source.requested);
        assertThrows(SocketTimeoutException.class, () -> feed.next(SHORT));
        assertEquals(2, source.requested);
        assertThrows(SocketTimeoutException.class, () -> feed.next(SHORT));
        assertEquals(2, source.requested);
    }

    @Test
    void a_timeout_loses_nothing() throws Exception {
        feed.onSubscribe(source);
        assertThrows(SocketTimeoutException.class, () -> feed.next(SHORT));
        feed.onNext(List.of(bytes(1)));
        assertEquals(bytes(1), feed.next(LONG));
    }

    @Test
    void tells_a_body_that_broke_off_from_one_that_ended() throws Exception {
        feed.onSubscribe(source);
        feed.onNext(List.of(bytes(1)));
        var failure = new IOException("reset");
        feed.onError(failure);
        assertEquals(bytes(1), feed.next(LONG));
        assertSame(
                failure, assertThrows(IOException.class, () -> feed.next(LONG)).getCause());
    }

    @Test
    void lets_go_of_the_body() {
        feed.onSubscribe(source);
        feed.cancel();
        assertTrue(source.cancelled);
    }

    @Test
    void lets_go_of_a_body_that_begins_later() {
        feed.cancel();
        feed.onSubscribe(source);
        assertTrue(source.cancelled);
        assertEquals(0, source.requested);
    }
}
