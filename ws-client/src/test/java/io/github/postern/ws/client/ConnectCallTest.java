package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.WebSocket;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConnectCallTest {
    private static final URI ANYWHERE = URI.create("ws://origin.test/");
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void a_timeout_that_passes_behind_the_hand_over_does_not_lose_the_connection() throws Exception {
        try (var server = Peer.answering(Peer::accepted);
                var ws = WebSocketClient.create().connect(server.uri("/"))) {
            var caller = new AtomicReference<Thread>();
            var call = new FutureTask<>(() -> ConnectCall.within(Duration.ofMillis(1), ANYWHERE, sockets -> {
                sockets.handOver(sockets.create());
                awaitTimeout(caller);
                return ws;
            }));
            caller.set(Thread.ofPlatform().daemon().start(call));
            assertSame(ws, call.get(10, TimeUnit.SECONDS));
            ws.abort();
        }
    }

    /** Until the caller waits without a timeout, or not any more. */
    private static void awaitTimeout(AtomicReference<Thread> caller) {
        while (caller.get() == null
                || caller.get().getState() != Thread.State.WAITING
                        && caller.get().getState() != Thread.State.TERMINATED) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void an_interrupt_that_comes_behind_the_hand_over_does_not_lose_the_connection() throws Exception {
        try (var server = Peer.answering(Peer::accepted);
                var ws = WebSocketClient.create().connect(server.uri("/"))) {
            var handedOver = new CountDownLatch(1);
            var release = new CountDownLatch(1);
            var call = new FutureTask<>(() -> {
                WebSocket opened = ConnectCall.within(LONG, ANYWHERE, sockets -> {
                    sockets.handOver(sockets.create());
                    handedOver.countDown();
                    release.await();
                    return ws;
                });
                assertSame(ws, opened);
                return Thread.currentThread().isInterrupted();
            });
            var caller = Thread.ofPlatform().daemon().start(call);
            handedOver.await();
            caller.interrupt();
            while (caller.getState() != Thread.State.WAITING && caller.getState() != Thread.State.TERMINATED) {
                LockSupport.parkNanos(100_000);
            }
            release.countDown();
            assertTrue(call.get(10, TimeUnit.SECONDS), "interrupt status");
            ws.abort();
        }
    }

    @Test
    void whatever_fails_comes_out_with_every_socket_closed() {
        for (var failure :
                new Throwable[] {new IOException("a"), new IllegalStateException("b"), new AssertionError("c")}) {
            var socket = new AtomicReference<Socket>();
            var thrown = assertThrows(
                    failure.getClass(),
                    () -> ConnectCall.within(LONG, ANYWHERE, sockets -> {
                        socket.set(sockets.create());
                        switch (failure) {
                            case IOException e -> throw e;
                            case RuntimeException e -> throw e;
                            default -> throw (Error) failure;
                        }
                    }));
            assertEquals(failure, thrown);
            assertTrue(socket.get().isClosed());
        }
    }
}
