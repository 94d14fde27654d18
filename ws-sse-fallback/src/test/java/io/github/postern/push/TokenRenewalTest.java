package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A token that is due, and a supplier that fails to give the next one. */
@Timeout(20)
class TokenRenewalTest {
    /** Fails when it is asked the second time. */
    private static final class Supplier implements PushTokenSupplier {
        private final PushTokenSupplier fault;
        private final AtomicInteger calls = new AtomicInteger();

        Supplier(PushTokenSupplier fault) {
            this.fault = fault;
        }

        @Override
        public PushToken get() throws IOException, InterruptedException {
            int call = calls.incrementAndGet();
            return call == 2 ? fault.get() : PushToken.of("t" + call);
        }
    }

    @Test
    void a_supplier_that_has_none_for_now_is_asked_again_in_five_seconds() throws Exception {
        assertAskedAgainInFiveSeconds(() -> {
            throw new IOException("none for now, as the test wants");
        });
    }

    @Test
    void a_supplier_that_fails_is_asked_again_in_five_seconds() throws Exception {
        assertAskedAgainInFiveSeconds(() -> {
            throw new IllegalStateException("a supplier that fails, as the test wants");
        });
    }

    @Test
    void a_supplier_that_fails_with_an_error_is_asked_again_in_five_seconds() throws Exception {
        assertAskedAgainInFiveSeconds(() -> {
            throw new AssertionError("a supplier that fails, as the test wants");
        });
    }

    private static void assertAskedAgainInFiveSeconds(PushTokenSupplier fault) throws Exception {
        var supplier = new Supplier(fault);
        var tokens = new TokenSource(supplier);
        var done = new Semaphore(0);
        var renewal = new TokenRenewal(tokens, ClientWebSocketTest.state(), done::release);
        assertEquals("t1", tokens.value());

        tokens.postpone(0);
        long before = System.nanoTime();
        renewal.look(before);
        done.acquire(); // then the loop looks at the clock again
        long after = System.nanoTime();
        long shortest = TimeUnit.SECONDS.toNanos(5);
        assertTrue(renewal.dueIn(before) >= shortest, "not at once, and without end");
        assertTrue(renewal.dueIn(after) <= shortest);
        assertEquals("t1", tokens.known(), "which may still be good");
        renewal.look(after);
        assertEquals(2, supplier.calls.get());

        renewal.look(after + Duration.ofSeconds(6).toNanos());
        done.acquire();
        assertEquals("t3", tokens.known());
        assertEquals(TokenSource.NEVER, renewal.dueIn(System.nanoTime()));
        renewal.stop();
    }
}
