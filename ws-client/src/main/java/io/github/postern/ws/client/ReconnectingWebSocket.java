package io.github.postern.ws.client;

import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a WebSocket to a URI open: whenever the connection ends or cannot be opened, it waits a while and opens
 * another.
 *
 * {@snippet class="io.github.postern.verify.examples.ClientExamplesTest" region="reconnecting" :
 * try (var link = client.reconnecting(URI.create("wss://example.com/prices")).start(ws -> {
 *     ws.send("subscribe EUR/USD"); // each connection begins anew
 *     for (var message : ws) {
 *         show(message);
 *     }
 * })) {
 *     link.awaitEnd();
 * }
 * }
 *
 * <p><b>Nothing is kept between connections.</b> What was sent on a connection that was lost may or may not have
 * arrived, and what the server sent in between is gone; each connection is a new one to both sides. To resume without
 * loss is the business of the push protocol in {@code ws-sse-fallback}.
 *
 * <p><b>Delays.</b> The first attempt comes at once. The delay before another is random, between zero and a ceiling:
 * the first delay's after the first failure, then one that doubles up to a cap, so that a server which comes back is
 * not met by all its clients at once (RFC 6455 §7.2.3). A connection that stayed open long enough starts this from
 * the beginning. {@code Retry-After} in a 503 or 429 comes on top.
 *
 * <p><b>The end.</b> It goes on until it is {@linkplain #close() closed} or an end is not to be retried, see
 * {@link Builder#retryIf}. A handler that returns or throws ends its connection, not this; only one whose thread was
 * interrupted ends both.
 *
 * <p>For any thread.
 */
public final class ReconnectingWebSocket implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ReconnectingWebSocket.class.getName());

    private final WebSocketClient client;
    private final URI uri;
    private final ConnectionHandler<? super WebSocket> handler;
    private final ReconnectListener listener;
    private final Predicate<? super IOException> retryIf;
    private final Duration resetAfter;
    private final Duration maxRetryAfter;
    private final Backoff backoff;
    private final Pacing pacing;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();

    /** The thread while it connects, and may be interrupted. Guarded by lock. */
    private @Nullable Thread connecting;

    private volatile @Nullable WebSocket current;

    private ReconnectingWebSocket(Builder builder, ConnectionHandler<? super WebSocket> handler) {
        this.client = builder.client;
        this.uri = builder.uri;
        this.handler = handler;
        this.listener = builder.listener;
        this.retryIf = builder.retryIf;
        this.resetAfter = builder.resetAfter;
        this.maxRetryAfter = builder.maxRetryAfter;
        this.backoff = new Backoff(builder.firstDelay, builder.baseDelay, builder.maxDelay, builder.random);
        this.pacing = builder.pacing;
    }

    /** {@return the connection that is open now, for sending; empty while there is none} */
    public Optional<WebSocket> connection() {
        return Optional.ofNullable(current);
    }

    /** {@return whether it has come to its end: it was closed, or gave up, and the last handler has returned} */
    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /**
     * Waits until it has come to its end.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /**
     * Stops for good: ends a delay or an attempt at once, and closes an open connection with
     * {@link CloseStatus#NORMAL}, which blocks as {@link WebSocket#close(CloseStatus)} does. Does not wait for the handler to return, so
     * that the handler may call it. Does nothing the second time.
     */
    @Override
    public void close() {
        WebSocket open;
        lock.lock();
        try {
            stopped.countDown();
            if (connecting != null) {
                connecting.interrupt();
            }
            open = current;
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.close();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void run() {
        try {
            while (!isStopped()) {
                var why = attempt();
                if (isStopped() || Thread.interrupted() || !isWorthRetrying(why)) {
                    return;
                }
                delay(why);
            }
        } catch (InterruptedException e) {
            // a listener wants no more
        } finally {
            ended.countDown();
        }
    }

    /** Connects, and handles the connection to its end, which it returns. */
    private IOException attempt() {
        tell(() -> listener.onConnecting(backoff.retries()));
        WebSocket connection;
        try {
            connection = connect();
        } catch (IOException e) {
            if (!isStopped()) {
                tell(() -> listener.onFailure(e));
            }
            return e;
        }
        long opened = pacing.nanoTime();
        try {
            tell(() -> listener.onOpen(connection));
            handler.serve(connection);
        } finally {
            current = null;
            connection.abort(); // for a handler that ends with an error; otherwise it has ended already
        }
        if (pacing.nanoTime() - opened >= resetAfter.toNanos()) {
            backoff.reset();
        }
        var end = connection.closeInfo().orElseThrow();
        tell(() -> listener.onClose(end));
        return new ConnectionClosedException(end);
    }

    private WebSocket connect() throws IOException {
        connecting(Thread.currentThread());
        try {
            return opened(client.connect(uri));
        } catch (RuntimeException e) {
            throw new IOException("connecting failed: " + e.getMessage(), e); // of a proxy selector or cookie handler
        } finally {
            connecting(null);
            var unused = Thread.interrupted(); // by close(), and so for connecting only
        }
    }

    private void connecting(@Nullable Thread thread) {
        lock.lock();
        try {
            connecting = thread;
            if (thread != null && isStopped()) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets {@link #close} find the connection, unless it was here before. */
    private WebSocket opened(WebSocket connection) throws IOException {
        lock.lock();
        try {
            if (!isStopped()) {
                current = connection;
                return connection;
            }
        } finally {
            lock.unlock();
        }
        connection.close(CloseStatus.GOING_AWAY);
        throw new IOException("closed while connecting");
    }

    private boolean isWorthRetrying(IOException why) {
        boolean worth;
        try {
            worth = retryIf.test(why);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "retryIf failed", e);
            worth = false;
        }
        if (!worth) {
            tell(() -> listener.onGiveUp(why));
        }
        return worth;
    }

    private void delay(IOException why) throws InterruptedException {
        var asked = why instanceof HandshakeRejectedException refusal
                ? RetryAfter.of(refusal, pacing.now(), maxRetryAfter)
                : Duration.ZERO;
        var delay = backoff.next().plus(asked);
        tell(() -> listener.onDelay(delay));
        pacing.await(stopped, delay);
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a ReconnectListener failed", e);
        }
    }

    /** Describes a reconnecting WebSocket. For one thread; may start several. */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofDays(1);

        private final WebSocketClient client;
        private final URI uri;
        private ReconnectListener listener = new ReconnectListener() {};
        private Predicate<? super IOException> retryIf = RetryPolicy::isTransient;
        private Duration firstDelay = Duration.ofSeconds(5);
        private Duration baseDelay = Duration.ofSeconds(1);
        private Duration maxDelay = Duration.ofSeconds(60);
        private Duration resetAfter = Duration.ofSeconds(10);
        private Duration maxRetryAfter = Duration.ofHours(1);
        private RandomGenerator random = new Random();
        private Pacing pacing = Pacing.SYSTEM;

        Builder(WebSocketClient client, URI uri) {
            this.client = client;
            this.uri = uri;
        }

        /**
         * Tells this listener what happens.
         *
         * @param value is told what happens
         * @return this builder
         */
        public Builder listener(ReconnectListener value) {
            listener = value;
            return this;
        }

        /**
         * Decides whether another attempt could mend what went wrong. By default it could, except after a refusal
         * that would come again: a {@link HandshakeRejectedException} whose status is neither 408, 429 nor 5xx, a
         * {@link ProxyException} with such a status or over credentials, and a {@link ConnectionClosedException}
         * after either side sent 1002, 1003, 1007, 1008, 1009 or 1010.
         *
         * @param value called with the failure of {@link WebSocketClient#connect(URI)}, or with a
         *     {@link ConnectionClosedException} when a connection has ended, even in good order; true for another
         *     attempt. If it throws, there is none.
         * @return this builder
         */
        public Builder retryIf(Predicate<? super IOException> value) {
            retryIf = value;
            return this;
        }

        /**
         * The longest first delay; 5 s by default (RFC 6455 §7.2.3).
         *
         * @param value 0 to 1 day
         * @return this builder
         * @throws IllegalArgumentException if the time is not between 0 and 1 day
         */
        public Builder firstDelay(Duration value) {
            firstDelay = requireBetween(Duration.ZERO, "firstDelay", value);
            return this;
        }

        /**
         * What the ceiling of later delays doubles from: before the n-th retry in a row, n from 2, the delay is at
         * most {@code base · 2^(n-1)}, or the longest first delay if that is more, and never more than {@link #maxDelay};
         * 1 s by default.
         *
         * @param value 1 ms to 1 day
         * @return this builder
         * @throws IllegalArgumentException if the time is not between 1 ms and 1 day
         */
        public Builder baseDelay(Duration value) {
            baseDelay = requireBetween(Duration.ofMillis(1), "baseDelay", value);
            return this;
        }

        /**
         * The longest delay after the first; 60 s by default.
         *
         * @param value 1 ms to 1 day
         * @return this builder
         * @throws IllegalArgumentException if the time is not between 1 ms and 1 day
         */
        public Builder maxDelay(Duration value) {
            maxDelay = requireBetween(Duration.ofMillis(1), "maxDelay", value);
            return this;
        }

        /**
         * How long a connection must stay open for the delays to start from the beginning; 10 s by default. A server
         * that accepts and soon closes is thus not hammered.
         *
         * @param value 0 to 1 day
         * @return this builder
         * @throws IllegalArgumentException if the time is not between 0 and 1 day
         */
        public Builder resetAfter(Duration value) {
            resetAfter = requireBetween(Duration.ZERO, "resetAfter", value);
            return this;
        }

        /**
         * How much of a {@code Retry-After} is honoured, at most; 1 h by default.
         *
         * @param value 0 to 1 day
         * @return this builder
         * @throws IllegalArgumentException if the time is not between 0 and 1 day
         */
        public Builder maxRetryAfter(Duration value) {
            maxRetryAfter = requireBetween(Duration.ZERO, "maxRetryAfter", value);
            return this;
        }

        /**
         * Takes the jitter from this generator, for instance a seeded one; it is used by one thread at a time for
         * each that is started.
         *
         * @param value the source of the jitter
         * @return this builder
         */
        public Builder random(RandomGenerator value) {
            random = value;
            return this;
        }

        /** Waits in another way: for tests. */
        Builder pacing(Pacing value) {
            pacing = value;
            return this;
        }

        private static Duration requireBetween(Duration least, String name, Duration value) {
            if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(name + " out of range: " + value);
            }
            return value;
        }

        /**
         * Starts, on a virtual thread of its own. Does not wait for a connection.
         *
         * @param handler called with each connection, one after the other; 1000 is sent when it returns, 1011 when it
         *     throws
         * @return what keeps the WebSocket open
         */
        public ReconnectingWebSocket start(ConnectionHandler<? super WebSocket> handler) {
            var link = new ReconnectingWebSocket(this, handler);
            Thread.ofVirtual().name("postern-client-reconnecting").start(link::run);
            return link;
        }
    }
}
