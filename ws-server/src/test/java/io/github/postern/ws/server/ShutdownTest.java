package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a server ends. That nothing is left is checked after each test. */
@Timeout(60)
class ShutdownTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final CloseStatus RESTART = CloseStatus.of(1012);

    @RegisterExtension
    final Servers servers = new Servers();

    private final BlockingQueue<Thread> handlers = new LinkedBlockingQueue<>();

    private ConnectionHandler<WebSocket> handler(ConnectionHandler<WebSocket> handler) {
        return ws -> {
            handlers.add(Thread.currentThread());
            handler.handle(ws);
        };
    }

    private static RawClient connected(WebSocketServer server) throws Exception {
        var client = new RawClient(server);
        assertEquals(101, client.send(upgrade("/")).readStatus());
        return client;
    }

    private static Thread inBackground(Runnable shutdown) {
        return Thread.ofPlatform().name("test-shutdown").start(shutdown);
    }

    @Test
    void every_connection_is_closed_with_the_status() throws Exception {
        int count = 200;
        var options = ServerOptions.defaults().withMaxConnectionsPerAddress(count);
        var server = servers.start(loopback().path("/", handler(ECHO)).options(options));
        var clients = new ArrayList<RawClient>();
        try {
            for (int i = 0; i < count; i++) {
                clients.add(connected(server));
            }
            assertTrue(Servers.eventually(() -> handlers.size() == count));
            var shutdown = inBackground(() -> server.shutdown(LONG, RESTART));
            for (var client : clients) {
                assertEquals("880203f4", client.readHex(4));
                client.sendHex("8882 00000000 03f4").hangUp();
            }
            assertTrue(shutdown.join(Duration.ofSeconds(20)));
            for (var handler : handlers) {
                assertFalse(handler.isAlive());
            }
            assertEquals(0, server.present());
            assertTrue(server.connections().isEmpty());
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    @Test
    void without_grace_connections_are_aborted() throws Exception {
        var server = servers.start(loopback().path("/", handler(ECHO)));
        try (var client = connected(server)) {
            var handler = handlers.take();
            server.shutdown(Duration.ZERO, RESTART);
            assertFalse(handler.isAlive());
            assertTrue(client.isCutOff(), "no Close frame");
        }
    }

    @Test
    void a_peer_that_does_not_answer_holds_it_up_for_the_grace_at_most() throws Exception {
        var server = servers.start(loopback().path("/", handler(ECHO)));
        try (var client = connected(server)) {
            var handler = handlers.take();
            long begin = System.nanoTime();
            server.shutdown(Duration.ofMillis(100), RESTART);
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(4), "not the close timeout of 5 s");
            assertFalse(handler.isAlive());
            assertEquals("880203f4", client.readHex(4));
        }
    }

    @Test
    void a_handler_that_never_returns_is_interrupted_after_the_grace() throws Exception {
        var forever = new CountDownLatch(1);
        var server = servers.start(loopback().path("/", handler(ws -> forever.await())));
        try (var client = connected(server)) {
            var handler = handlers.take();
            server.shutdown(Duration.ofMillis(50), RESTART);
            assertFalse(handler.isAlive());
            assertNotNull(client);
        }
    }

    @Test
    void a_handler_that_needs_a_while_after_its_interrupt_is_waited_for() throws Exception {
        var server = servers.start(loopback().path("/", handler(ws -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
                while (System.nanoTime() - until < 0) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        })));
        try (var client = connected(server)) {
            var handler = handlers.take();
            server.shutdown(Duration.ofMillis(10), RESTART);
            assertFalse(handler.isAlive());
            assertNotNull(client);
        }
    }

    @Test
    void a_handler_that_ignores_its_interrupt_is_left_alone_after_a_second() throws Exception {
        var release = new CountDownLatch(1);
        var server = servers.start(loopback().path("/", handler(ws -> {
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    // which is what this test is about
                }
            }
        })));
        try (var client = connected(server)) {
            var handler = handlers.take();
            long begin = System.nanoTime();
            server.shutdown(Duration.ofMillis(10), RESTART);
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(5));
            assertTrue(handler.isAlive());
            assertEquals("880203f4", client.readHex(4));
            assertTrue(client.isCutOff(), "its connection is gone all the same");
            release.countDown();
            assertTrue(handler.join(Duration.ofSeconds(10)));
        }
    }

    @Test
    void handshakes_that_are_not_finished_are_cut_off_at_once() throws Exception {
        var server = servers.start(loopback().path("/", ECHO));
        try (var silent = new RawClient(server);
                var half = new RawClient(server)) {
            half.send("GET / HTTP/1.1\r\nHost: ");
            assertTrue(Servers.eventually(() -> server.present() == 5), "two sockets, two handshakes, one address");
            long begin = System.nanoTime();
            server.shutdown(LONG, RESTART);
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(5), "neither the grace nor the deadline");
            assertEquals(0, server.present());
            assertTrue(silent.isCutOff());
            assertTrue(half.isCutOff());
        }
    }

    @Test
    void an_upgrade_policy_that_blocks_is_interrupted() throws Exception {
        var asked = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var server = servers.start(loopback().path("/", ECHO).upgradePolicy(request -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return UpgradeDecision.accept();
        }));
        try (var client = new RawClient(server)) {
            client.send(upgrade("/"));
            asked.await();
            server.shutdown(LONG, RESTART);
            assertEquals(0, interrupted.getCount());
            assertTrue(client.isCutOff());
        }
    }

    @Test
    void several_calls_end_together_and_the_first_status_counts() throws Exception {
        var server = servers.start(loopback().path("/", handler(ECHO)));
        try (var client = connected(server)) {
            handlers.take();
            var first = inBackground(() -> server.shutdown(LONG, RESTART));
            assertEquals("880203f4", client.readHex(4)); // so the first one has begun
            var second = inBackground(server::close);
            var waiting = inBackground(() -> {
                try {
                    server.awaitEnd();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertTrue(Servers.eventually(() -> isWaiting(second) && isWaiting(waiting)));
            assertTrue(first.isAlive());
            client.sendHex("8882 00000000 03f4").hangUp();
            for (var thread : new Thread[] {first, second, waiting}) {
                assertTrue(thread.join(Duration.ofSeconds(10)));
            }
        }
        server.close();
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    @Test
    void a_caller_that_is_interrupted_aborts_what_is_left() throws Exception {
        var server = servers.start(loopback().path("/", handler(ECHO)));
        try (var client = connected(server)) {
            var handler = handlers.take();
            var flag = new LinkedBlockingQueue<Boolean>();
            var shutdown = inBackground(() -> {
                server.shutdown(LONG, RESTART);
                flag.add(Thread.currentThread().isInterrupted());
            });
            assertEquals("880203f4", client.readHex(4));
            shutdown.interrupt();
            assertTrue(shutdown.join(Duration.ofSeconds(10)));
            assertEquals(true, flag.poll());
            assertFalse(handler.isAlive());
        }
    }

    @Test
    void a_handler_may_shut_the_server_down() throws Exception {
        var running = new AtomicReference<WebSocketServer>();
        var done = new LinkedBlockingQueue<Boolean>();
        var server = servers.start(loopback().path("/", ws -> {
            ws.receive();
            running.get().shutdown(Duration.ofMillis(50), RESTART);
            done.add(Thread.currentThread().isInterrupted());
        }));
        running.set(server);
        try (var client = connected(server);
                var other = connected(server)) {
            assertTrue(Servers.eventually(() -> server.connections().size() == 2));
            client.sendHex("8182 00000000 4869");
            assertEquals("880203f4", other.readHex(4));
            assertEquals(false, done.poll(10, TimeUnit.SECONDS), "it does not interrupt itself");
        }
        server.awaitEnd();
    }

    @ParameterizedTest
    @ValueSource(ints = {1004, 1005, 1006, 1015, 2999})
    void a_status_that_must_not_be_sent_is_refused_and_the_server_goes_on(int code) throws Exception {
        var server = servers.start(loopback().path("/", ECHO));
        assertThrows(IllegalArgumentException.class, () -> server.shutdown(LONG, CloseStatus.of(code)));
        assertEquals(101, RawClient.status(server, upgrade("/")));
    }

    @Test
    void any_grace_is_taken() throws Exception {
        for (var grace : new Duration[] {
            Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE)
        }) {
            var server = servers.start(loopback().path("/", ECHO));
            server.shutdown(grace, RESTART);
            assertEquals(0, server.present());
        }
    }
}
