package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.eventually;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.BroadcastResult;
import io.github.postern.ws.connection.ConnectionHandler;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers, and handlers, that do harm once the connection is open. Nothing may be left of them, and the others are served. */
@Timeout(120)
class HostileConnectionTest {
    private static final byte[] LARGE = new byte[8 << 20];

    @RegisterExtension
    final Servers servers = new Servers();

    private final BlockingQueue<WebSocket> opened = new LinkedBlockingQueue<>();

    private WebSocketServer start(ConnectionHandler<WebSocket> handler, ConnectionOptions options) throws IOException {
        return servers.start(loopback()
                .path("/hostile", ws -> {
                    opened.add(ws);
                    handler.handle(ws);
                })
                .path("/echo", ECHO)
                .options(ServerOptions.defaults().withConnection(options)));
    }

    private WebSocket opened() throws InterruptedException {
        var connection = opened.poll(10, TimeUnit.SECONDS);
        assertNotNull(connection);
        return connection;
    }

    private static RawClient connect(WebSocketServer server, String path) throws IOException {
        var client = new RawClient(server);
        assertEquals(101, client.send(upgrade(path)).readStatus());
        return client;
    }

    private static void checkOthersAreServed(WebSocketServer server) throws IOException {
        try (var client = connect(server, "/echo")) {
            client.sendHex("8181 00000000 61");
            assertEquals("810161", client.readHex(3));
        }
    }

    private static void checkNobodyIsLeft(WebSocketServer server) throws IOException {
        checkOthersAreServed(server);
        assertTrue(eventually(() -> server.connections().isEmpty()), server.connections()::toString);
    }

    @Test
    void who_does_not_read_is_cut_off_after_the_write_timeout() throws Exception {
        var options = ConnectionOptions.defaults().withWriteTimeout(Duration.ofMillis(100));
        var server = start(ws -> ws.send(ByteBuffer.wrap(LARGE)), options);
        try (var client = connect(server, "/hostile")) {
            assertNotNull(client);
            opened();
            checkNobodyIsLeft(server);
        }
    }

    @Test
    void who_does_not_read_over_tls_is_cut_off_too(@TempDir Path folder) throws Exception {
        var identity = TestIdentity.make(folder, "localhost", "EC");
        var options = ConnectionOptions.defaults().withWriteTimeout(Duration.ofMillis(100));
        var server = servers.start(loopback()
                .path("/hostile", ws -> ws.send(ByteBuffer.wrap(LARGE)))
                .tls(identity.contextTrusting())
                .options(ServerOptions.defaults().withConnection(options)));
        try (var client = RawClient.tls(server, TestIdentity.anonymousTrusting(identity))) {
            client.send(upgrade("/hostile")).readHead();
            assertTrue(eventually(() ->
                    server.metrics().accepted() == 1 && server.connections().isEmpty()));
        }
    }

    @ParameterizedTest(name = "TLS {0}")
    @ValueSource(booleans = {false, true})
    void a_write_that_is_stalled_does_not_hold_up_an_abort(boolean secure, @TempDir Path folder) throws Exception {
        var identity = TestIdentity.make(folder, "localhost", "EC");
        var builder = loopback().path("/hostile", ws -> {
            opened.add(ws);
            ws.send(ByteBuffer.wrap(LARGE));
        });
        var server = servers.start(secure ? builder.tls(identity.contextTrusting()) : builder);
        try (var client =
                secure ? RawClient.tls(server, TestIdentity.anonymousTrusting(identity)) : new RawClient(server)) {
            client.send(upgrade("/hostile")).readHead();
            var stalled = opened();
            assertTrue(eventually(() -> stalled.bufferedAmount() > 0));
            stalled.abort(); // the test's time is up before a TLS socket would let go by itself
            assertTrue(eventually(() -> server.connections().isEmpty()));
        }
    }

    @Test
    void two_sides_that_only_write_part_after_the_write_timeout() throws Exception {
        var options = ConnectionOptions.defaults().withWriteTimeout(Duration.ofMillis(300));
        var server = start(ws -> ws.send(ByteBuffer.wrap(LARGE)), options);
        try (var client = connect(server, "/hostile")) {
            opened();
            var writing = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.sendHex("82fe ffff 00000000" + "00".repeat(65_535));
                    }
                } catch (IOException e) {
                    // the server has cut it off
                }
            });
            checkNobodyIsLeft(server);
            writing.join();
        }
    }

    @Test
    void one_who_does_not_read_delays_no_other_in_a_broadcast() throws Exception {
        var server = start(ws -> ws.receive(), ConnectionOptions.defaults());
        var all = new ArrayList<RawClient>();
        try {
            all.add(connect(server, "/hostile"));
            var stuck = opened();
            for (int i = 1; i < 50; i++) {
                all.add(connect(server, "/hostile"));
            }
            assertTrue(eventually(() -> server.connections().size() == 50));
            var large = PreparedMessage.binary(ByteBuffer.wrap(LARGE));
            assertEquals(
                    new BroadcastResult(1, 0, 0), server.broadcast(large, stuck::equals, SlowConsumer.DROP_NEWEST));
            assertTrue(eventually(() -> stuck.bufferedAmount() > 0));
            for (int i = 0; i < 10; i++) {
                var result = server.broadcast(PreparedMessage.text("" + i), SlowConsumer.DROP_NEWEST);
                assertEquals(new BroadcastResult(50, 0, 0), result);
            }
            int served = 0;
            for (var client : all.subList(1, 50)) {
                served += client.readHex(30).endsWith("810139") ? 1 : 0;
            }
            assertEquals(49, served);
        } finally {
            for (var client : all) {
                client.reset();
            }
        }
        checkNobodyIsLeft(server);
    }

    @ParameterizedTest(name = "after {0}")
    @ValueSource(
            strings = {
                "",
                "81",
                "8185 000000",
                "8185 00000000 6162",
                "0181 00000000 61",
                "8181 00000000 61",
                "8982 00000000 61",
                "8882 00000000 03",
                "8882 00000000 03e8"
            })
    void who_resets_the_connection_at_any_point_leaves_nothing(String sent) throws Exception {
        var server = start(ECHO, ConnectionOptions.defaults());
        var client = connect(server, "/hostile");
        opened();
        client.sendHex(sent);
        client.reset();
        checkNobodyIsLeft(server);
    }

    @ParameterizedTest(name = "of {0}")
    @ValueSource(strings = {"8980 00000000", "8a80 00000000"})
    void a_flood_of_control_frames_is_ended_with_1008(String frame) throws Exception {
        var server = start(ws -> ws.receive(), ConnectionOptions.defaults());
        try (var client = connect(server, "/hostile")) {
            client.sendHex(frame.repeat(1000));
            var connection = opened();
            assertTrue(eventually(() -> connection.closeInfo().isPresent()));
            assertEquals(
                    CloseStatus.POLICY_VIOLATION,
                    connection.closeInfo().orElseThrow().sent());
        }
        checkNobodyIsLeft(server);
    }

    @Test
    void a_flood_of_empty_fragments_is_ended_with_1008() throws Exception {
        var server = start(ws -> ws.receive(), ConnectionOptions.defaults());
        try (var client = connect(server, "/hostile")) {
            client.sendHex("0180 00000000" + "0080 00000000".repeat(1024));
            assertEquals("880203f0", client.readHex(4));
        }
        checkNobodyIsLeft(server);
    }

    @Test
    void half_a_frame_for_ever_is_ended_after_the_message_timeout() throws Exception {
        var options = ConnectionOptions.defaults().withMessageTimeout(Duration.ofMillis(50));
        var server = start(ws -> ws.receive(), options);
        try (var client = connect(server, "/hostile")) {
            client.sendHex("8185 00000000 61");
            assertEquals("880203f0", client.readHex(4));
        }
        checkNobodyIsLeft(server);
    }

    @Test
    void who_vanishes_is_found_by_a_ping() throws Exception {
        var options = ConnectionOptions.defaults()
                .withPingInterval(Duration.ofMillis(50))
                .withPongTimeout(Duration.ofMillis(100));
        var server = start(ws -> ws.receive(), options);
        try (var client = connect(server, "/hostile")) {
            assertEquals("8900", client.readHex(2));
            assertTrue(eventually(() -> server.connections().isEmpty()));
        }
        checkNobodyIsLeft(server);
    }

    @Test
    void who_does_not_answer_the_close_is_given_up() throws Exception {
        var options = ConnectionOptions.defaults().withCloseTimeout(Duration.ofMillis(50));
        var server = start(ws -> {}, options);
        try (var client = connect(server, "/hostile")) {
            assertEquals("880203e8", client.readHex(4));
            assertTrue(eventually(() -> server.connections().isEmpty()));
        }
        checkNobodyIsLeft(server);
    }

    @Test
    void what_a_client_sends_behind_its_close_does_not_destroy_the_answer() throws Exception {
        var server = start(ECHO, ConnectionOptions.defaults());
        try (var client = connect(server, "/hostile")) {
            client.sendHex(
                    "8880 00000000" + "00".repeat(200_000)); // more than the server has read when it sees the Close
            assertEquals("8800", client.readHex(2));
            assertEquals("", client.readRest(), "an end, and no reset");
        }
        checkNobodyIsLeft(server);
    }

    @Test
    void a_handler_that_throws_harms_no_other() throws Exception {
        var server = start(
                ws -> {
                    throw new IllegalStateException("a handler that fails, as the test wants");
                },
                ConnectionOptions.defaults());
        try (var client = connect(server, "/hostile")) {
            assertEquals("880203f3", client.readHex(4));
            client.sendHex("8882 00000000 03f3").hangUp();
        }
        checkNobodyIsLeft(server);
    }

    @Test
    void a_handler_that_never_receives_is_told_of_the_end_when_it_sends() throws Exception {
        var told = new CountDownLatch(1);
        var server = start(
                ws -> {
                    try {
                        while (true) {
                            ws.send("news");
                            LockSupport.parkNanos(1_000_000);
                        }
                    } finally {
                        told.countDown();
                    }
                },
                ConnectionOptions.defaults());
        try (var client = connect(server, "/hostile")) {
            client.sendHex("8882 00000000 03e8");
            assertTrue(client.readRest().endsWith("\u0088\u0002\u0003\u00e8"));
        }
        assertTrue(told.await(10, TimeUnit.SECONDS));
        checkNobodyIsLeft(server);
    }

    @Test
    void fifty_threads_that_send_are_all_freed_when_the_peer_is_gone() throws Exception {
        var freed = new AtomicInteger();
        var server = start(
                ws -> {
                    var senders = new ArrayList<Thread>();
                    for (int i = 0; i < 50; i++) {
                        senders.add(Thread.ofVirtual().start(() -> {
                            try {
                                while (true) {
                                    ws.send(ByteBuffer.allocate(10_000));
                                }
                            } catch (IOException e) {
                                freed.incrementAndGet();
                            }
                        }));
                    }
                    for (var sender : senders) {
                        sender.join();
                    }
                },
                ConnectionOptions.defaults());
        try (var client = connect(server, "/hostile")) {
            client.readHex(100_000);
            client.reset();
        }
        checkNobodyIsLeft(server);
        assertEquals(50, freed.get());
    }

    @Test
    void a_server_stops_while_all_connections_are_sending() throws Exception {
        var connected = new CountDownLatch(1);
        var server = start(
                ws -> {
                    connected.await();
                    while (true) {
                        ws.send(ByteBuffer.allocate(1000));
                    }
                },
                ConnectionOptions.defaults());
        var clients = new ArrayList<RawClient>();
        var readers = new ArrayList<Thread>();
        for (int i = 0; i < 100; i++) {
            var client = connect(server, "/hostile");
            clients.add(client);
            readers.add(Thread.ofVirtual().start(() -> {
                try {
                    client.skipRest();
                } catch (IOException e) {
                    // cut off in the end
                }
            }));
        }
        connected.countDown();
        server.shutdown(Duration.ofMillis(500), CloseStatus.SERVICE_RESTART);
        assertTrue(eventually(() -> server.connections().isEmpty()));
        for (var reader : readers) {
            reader.join();
        }
        for (var client : clients) {
            client.close();
        }
    }
}
