package io.github.postern.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Accepting goes on, whatever happens. */
@Timeout(60)
class AcceptLoopTest {
    /** That it leaves no thread behind. */
    @RegisterExtension
    final Servers servers = new Servers();

    /** A listening socket of a process without descriptors: accepting fails for a while. */
    private static final class Exhausted extends ServerSocket {
        private final int failures;
        private final AtomicInteger attempts = new AtomicInteger();
        private final CountDownLatch tried = new CountDownLatch(5);

        Exhausted(int failures) throws IOException {
            super(0, 10, InetAddress.getLoopbackAddress());
            this.failures = failures;
        }

        @Override
        public Socket accept() throws IOException {
            tried.countDown();
            if (attempts.incrementAndGet() <= failures) {
                throw new SocketException("Too many open files");
            }
            return super.accept();
        }
    }

    @Test
    void accepting_goes_on_when_there_are_descriptors_again() throws Exception {
        var accepted = new LinkedBlockingQueue<Socket>();
        try (var listener = new Exhausted(4);
                var loop = new AcceptLoop(listener, accepted::add);
                var client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            loop.start();
            try (var socket = accepted.poll(10, TimeUnit.SECONDS)) {
                assertNotNull(socket);
                assertEquals(client.getLocalPort(), socket.getPort());
            }
            assertTrue(listener.attempts.get() >= 5);
        }
    }

    @Test
    void a_lack_of_descriptors_costs_no_processor_time() throws Exception {
        try (var listener = new Exhausted(Integer.MAX_VALUE);
                var loop = new AcceptLoop(listener, socket -> {})) {
            long begin = System.nanoTime();
            loop.start();
            listener.tried.await();
            // after pauses of 10, 20, 40 and 80 ms; a busy loop would be there at once
            assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(150));
        }
    }

    @Test
    void a_loop_that_pauses_is_closed_at_once() throws Exception {
        try (var listener = new Exhausted(Integer.MAX_VALUE)) {
            var loop = new AcceptLoop(listener, socket -> {});
            loop.start();
            listener.tried.await();
            var closing = Thread.ofVirtual().start(loop::close);
            assertTrue(closing.join(Duration.ofSeconds(10)));
        }
    }

    @Test
    void a_socket_that_cannot_be_received_is_closed_and_the_next_one_is_accepted() throws Exception {
        var accepted = new LinkedBlockingQueue<Socket>();
        var first = new AtomicInteger();
        try (var listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                var loop = new AcceptLoop(listener, socket -> {
                    if (first.getAndIncrement() == 0) {
                        throw new OutOfMemoryError("unable to create a thread, the test says");
                    }
                    accepted.add(socket);
                })) {
            loop.start();
            try (var unlucky = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
                assertEquals(-1, unlucky.getInputStream().read());
            }
            try (var client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
                    var socket = accepted.poll(10, TimeUnit.SECONDS)) {
                assertNotNull(socket);
                assertEquals(client.getLocalPort(), socket.getPort());
            }
        }
    }
}
