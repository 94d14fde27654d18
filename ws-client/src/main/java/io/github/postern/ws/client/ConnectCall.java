package io.github.postern.ws.client;

import io.github.postern.ws.connection.WebSocket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One call of connect: the work is done on a virtual thread of its own, so that the caller, on whatever kind of thread,
 * comes back when the time is up or it is interrupted, whatever the work is blocked in.
 */
final class ConnectCall {
    /** What there is to do. */
    @FunctionalInterface
    interface Work {
        WebSocket open(OpenSockets sockets) throws IOException, InterruptedException;
    }

    private final OpenSockets sockets = new OpenSockets();
    private final CompletableFuture<WebSocket> result = new CompletableFuture<>();
    private final Thread thread;

    private ConnectCall(Work work) {
        thread = Thread.ofVirtual().name("postern-client-connecting").start(() -> work(work));
    }

    /**
     * Does the work.
     *
     * @throws SocketTimeoutException if it takes longer than the timeout
     * @throws InterruptedIOException if this thread is interrupted; its interrupt status stays set
     */
    static WebSocket within(Duration timeout, URI uri, Work work) throws IOException {
        return new ConnectCall(work).await(timeout, uri);
    }

    private void work(Work work) {
        try {
            result.complete(work.open(sockets));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            sockets.abort();
            result.completeExceptionally(e);
        }
    }

    private WebSocket await(Duration timeout, URI uri) throws IOException {
        try {
            return result.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return orThrow(new SocketTimeoutException("no WebSocket within " + timeout.toMillis() + " ms: " + uri));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return orThrow(new InterruptedIOException("interrupted while connecting: " + uri));
        } catch (ExecutionException e) {
            throw thrown(result.exceptionNow());
        }
    }

    /** Gives up, unless the connection is there in this very moment. */
    private WebSocket orThrow(IOException why) throws IOException {
        if (sockets.abort()) {
            thread.interrupt();
            throw why;
        }
        return result.join();
    }

    /** The failure of the work, with the frames of the caller below its own. */
    private static IOException thrown(Throwable failure) {
        var frames = Stream.of(failure.getStackTrace(), Thread.currentThread().getStackTrace());
        failure.setStackTrace(frames.flatMap(Stream::of).toArray(StackTraceElement[]::new));
        return switch (failure) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> new IOException("connecting was interrupted", failure);
        };
    }
}
