package io.github.postern.verify.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An example that serves until it is interrupted, on a thread of its own, which closing this interrupts. */
final class Serving implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(5);

    private final FutureTask<Void> task;
    private final Thread thread;
    private final int port;

    /** What serves on a port. */
    @FunctionalInterface
    interface Example {
        void run(int port) throws Exception;
    }

    private Serving(Example example) throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        task = new FutureTask<>(() -> {
            example.run(port);
            return null;
        });
        thread = Thread.ofPlatform().name("example").start(task);
    }

    /** Starts it on a free port, and returns when it listens. */
    static Serving start(Example example) throws IOException, InterruptedException, ExecutionException {
        var serving = new Serving(example);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!serving.isListening()) {
            if (serving.thread.join(LOOK)) {
                serving.task.get(); // which tells why
                throw new AssertionError("the example has ended");
            }
            assertTrue(System.nanoTime() - deadline < 0, () -> "nothing listens on port " + serving.port);
        }
        return serving;
    }

    private boolean isListening() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertTrue(e.getCause() instanceof InterruptedException, () -> "the example failed: " + e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the example does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted before the example had ended", e);
        }
    }
}
