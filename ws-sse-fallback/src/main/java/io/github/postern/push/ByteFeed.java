package io.github.postern.push;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response as it comes, read with a deadline. At most one delivery of the HTTP client waits to be read, so that an
 * endless body fills no memory. The HTTP client calls it as a subscriber, one thread reads.
 */
final class ByteFeed implements HttpResponse.BodySubscriber<ByteFeed> {
    /** What waits to be read: bytes, or the end with what caused it. */
    private record Delivery(List<ByteBuffer> bytes, boolean end, Optional<Throwable> failure) {}

    private final LinkedBlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();

    /** What was delivered and not read; reading thread only. */
    private Delivery current = new Delivery(List.of(), false, Optional.empty());

    private int index;

    @Override
    public CompletionStage<ByteFeed> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        if (subscribed.complete(subscription)) {
            subscription.request(1);
        } else {
            subscription.cancel(); // cancelled before it began, or a second one
        }
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        deliveries.add(new Delivery(bytes, false, Optional.empty()));
    }

    @Override
    public void onError(Throwable failure) {
        deliveries.add(new Delivery(List.of(), true, Optional.of(failure)));
    }

    @Override
    public void onComplete() {
        deliveries.add(new Delivery(List.of(), true, Optional.empty()));
    }

    /**
     * The next bytes.
     *
     * @param timeoutNanos how long to wait for them
     * @return bytes, at least one; or {@code null} at the end of a complete body
     * @throws SocketTimeoutException if none came in time
     * @throws IOException if the body broke off
     */
    @Nullable
    ByteBuffer next(long timeoutNanos) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeoutNanos;
        while (true) {
            if (index < current.bytes().size()) {
                var bytes = current.bytes().get(index++);
                if (bytes.hasRemaining()) {
                    return bytes;
                }
                continue;
            }
            if (current.end()) {
                if (current.failure().isPresent()) {
                    throw new IOException(
                            "the response broke off", current.failure().get());
                }
                return null;
            }
            advance(deadline, timeoutNanos);
        }
    }

    private void advance(long deadline, long timeoutNanos) throws IOException, InterruptedException {
        if (!current.bytes().isEmpty()) {
            subscribed.join().request(1); // bytes came, so there is a subscription
            current = new Delivery(List.of(), false, Optional.empty());
            index = 0;
        }
        var delivery = deliveries.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (delivery == null) {
            throw new SocketTimeoutException(
                    "nothing heard for " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms");
        }
        current = delivery;
        index = 0;
    }

    /** Lets go of the rest of the body, and with it of the network connection if there is a rest. */
    void cancel() {
        if (!subscribed.cancel(false)) {
            subscribed.join().cancel();
        }
    }
}
