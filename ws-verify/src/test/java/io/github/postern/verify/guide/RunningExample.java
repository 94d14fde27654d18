package io.github.postern.verify.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An example of a page, compiled, with other ports and paths than the page says, and running on a thread of its own until it is closed or ends. */
final class RunningExample implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(5);

    private final URLClassLoader loader;
    private final FutureTask<Void> task;
    private final Thread thread;
    private final int port;

    private RunningExample(CodeBlock block, String code, int port, Path folder)
            throws IOException, ReflectiveOperationException {
        this.port = port;
        loader = load(block, code, folder);
        var type = loader.loadClass(JavaBlock.of(block, code).name());
        task = new FutureTask<>(() -> {
            run(type);
            return null;
        });
        thread = Thread.ofPlatform().name("example").start(task);
    }

    private static URLClassLoader load(CodeBlock block, String code, Path folder) throws IOException {
        assertEquals(List.of(), JavaBlock.of(block, code).compile(folder));
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, RunningExample.class.getClassLoader());
    }

    /** The class that a block becomes. */
    static Class<?> type(CodeBlock block, Path folder) throws IOException, ReflectiveOperationException {
        return load(block, block.code(), folder).loadClass(JavaBlock.of(block).name());
    }

    /**
     * Starts one.
     *
     * @param code the block's, with what must be different here
     * @param port what it has in the place of 8080
     * @param folder for its classes; its own
     */
    static RunningExample start(CodeBlock block, String code, int port, Path folder)
            throws IOException, ReflectiveOperationException {
        assertTrue(code.contains("8080"), block::toString);
        return new RunningExample(block, code.replace("8080", Integer.toString(port)), port, folder);
    }

    private static void run(Class<?> type) throws ReflectiveOperationException {
        for (var method : type.getDeclaredMethods()) {
            if (method.getName().equals("main")) {
                assertTrue(Modifier.isStatic(method.getModifiers()));
                method.invoke(null, (Object) new String[0]);
                return;
            }
        }
        type.getMethod("run").invoke(type.getConstructor().newInstance());
    }

    /** A port that is free now. */
    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until something listens on its port. */
    void awaitListening() throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (thread.join(LOOK)) {
                task.get(); // which tells why
                throw new AssertionError("the example has ended");
            }
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException e) {
                // not yet
            }
        }
        throw new AssertionError("nothing listens on port " + port);
    }

    /** The port that it has in the place of 8080. */
    int port() {
        return port;
    }

    /** Waits until it has ended by itself, without an exception. */
    void awaitEnd() throws InterruptedException, ExecutionException {
        assertTrue(thread.join(PATIENCE), "the example does not end");
        task.get();
    }

    /** Ends one that runs until it is interrupted. */
    @Override
    public void close() throws IOException {
        thread.interrupt();
        try {
            task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            var cause = e.getCause() instanceof InvocationTargetException of ? of.getCause() : e.getCause();
            if (!(cause instanceof InterruptedException)) {
                throw new AssertionError("the example failed", cause);
            }
        } catch (TimeoutException e) {
            throw new AssertionError("the example does not end when it is interrupted", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            loader.close();
        }
    }
}
