package io.github.postern.push;

import static io.github.postern.push.Script.attached;
import static io.github.postern.push.Script.connecting;
import static io.github.postern.push.Script.control;
import static io.github.postern.push.Script.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.ScriptedServer.Exchange;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.ReadyState;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.handshake.Headers;
import java.io.IOException;
import java.net.CookieManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Java client's choice of transports, its moves, tokens and events, request by request: PROTOCOL.md §5, §9, §15. */
@Timeout(60)
class PushClientRaceTest {
    private static final String EVENT_STREAM = "Content-Type: text/event-stream";

    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @AfterAll
    static void nothingIsLeft() throws Exception {
        ClientThreads.awaitNone();
    }

    private PushClient.Builder client() {
        return PushClient.builder(server.uri()).memory(new TransportMemory()).options(PushClientTest.options());
    }

    private record OverStream(ClientPushSession push, Exchange stream) {}

    private OverStream overStream(PushClient.Builder builder) throws Exception {
        var connecting = connecting(builder);
        server.takeGet().answer(404, "no");
        var stream = server.takeGet();
        stream.stream();
        stream.write(attached(1, 0, 0, "S"));
        return new OverStream(connecting.get(), stream);
    }

    private record OverWebSocket(ClientPushSession push, WebSocket socket) {}

    private OverWebSocket overWebSocket(PushClient.Builder builder) throws Exception {
        var connecting = connecting(builder);
        var socket = server.takeGet().upgrade();
        control(socket.receive());
        send(socket, attached(1, 0, 0, "S"));
        return new OverWebSocket(connecting.get(), socket);
    }

    /** Asks for a move on a thread of its own. */
    private static CompletableFuture<Boolean> moving(ClientPushSession push, PushTransport to) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        push.moveTo(to);
                        return true;
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Executors.newVirtualThreadPerTaskExecutor());
    }

    // racing

    @Test
    void a_websocket_that_answers_late_takes_the_session_over() throws Exception {
        var quick = PushClientTest.options().withHeadStart(Duration.ofMillis(50));
        var connecting = connecting(client().options(quick));
        var handshake = server.takeGet();
        var stream = server.takeGet();
        stream.stream();
        stream.write(attached(1, 0, 0, "S"));
        var push = connecting.get();
        assertEquals(PushTransport.SSE, push.transport());
        var socket = handshake.upgrade();
        assertEquals("event:attach\nid:0\ndata:epoch=2&session=S\n\n", control(socket.receive()));
        stream.write("id:1\ndata:still read\n\n");
        assertEquals(new Message.Text("still read"), push.receive());
        send(socket, attached(2, 0, 0, ""));
        socket.send("still read"); // number 1 again
        socket.send("next");
        assertEquals(new Message.Text("next"), push.receive());
        assertEquals(PushTransport.WEBSOCKET, push.transport());
        push.abort();
    }

    @Test
    void the_session_that_was_opened_too_much_is_closed() throws Exception {
        var quick = PushClientTest.options().withHeadStart(Duration.ofMillis(50));
        var connecting = connecting(client().options(quick));
        var socket = server.takeGet().upgrade();
        control(socket.receive());
        var stream = server.takeGet();
        assertEquals("", stream.header("Postern-Session"));
        stream.stream();
        stream.write(attached(2, 0, 0, "S"));
        var push = connecting.get();
        send(socket, attached(1, 0, 0, "other"));
        assertEquals("event:close\nid:1\ndata:code=1000&reason=\n\n", control(socket.receive()));
        var again = server.takeGet().upgrade();
        assertEquals("event:attach\nid:0\ndata:epoch=3&session=S\n\n", control(again.receive()));
        push.abort();
    }

    @Test
    void what_was_learned_of_a_network_saves_the_next_client_the_trouble() throws Exception {
        var memory = new TransportMemory();
        var first = overStream(client().memory(memory)).push();
        var learned = memory.of(Endpoint.of(server.uri(), Headers.of(), new CookieManager(), null));
        HttpTransportsTest.await(() -> learned.avoidedFor(PushTransport.WEBSOCKET, System.nanoTime()) > 0);
        var connecting = connecting(client().memory(memory));
        var request = server.takeGet();
        assertEquals("", request.header("Upgrade"));
        request.stream();
        request.write(attached(1, 0, 0, "S"));
        connecting.get().abort();
        first.abort();
    }

    @Test
    void a_change_of_the_network_is_a_reason_to_try_a_websocket_again() throws Exception {
        var opened = overStream(client());
        opened.push().networkChanged();
        var first = server.takeGet();
        var second = server.takeGet();
        var socket = (first.header("Upgrade").isEmpty() ? second : first).upgrade();
        control(socket.receive());
        send(socket, attached(3, 0, 0, ""));
        socket.send("here");
        assertEquals(new Message.Text("here"), opened.push().receive());
        assertEquals(PushTransport.WEBSOCKET, opened.push().transport());
        opened.push().abort();
    }

    @Test
    void an_attachment_that_does_not_live_after_a_change_of_the_network_is_given_up() throws Exception {
        var options = PushClientTest.options().withProbeTimeout(Duration.ofMillis(200));
        var opened = overWebSocket(client().transport(PushTransport.WEBSOCKET).options(options));
        opened.push().networkChanged();
        server.takeGet(); // never answered, and neither is the old one
        assertThrows(ConnectionClosedException.class, () -> opened.socket().receive());
        opened.push().abort();
    }

    // moving

    @Test
    void a_move_is_make_before_break() throws Exception {
        var opened = overWebSocket(client());
        opened.push().send("a");
        assertEquals(new Message.Text("a"), opened.socket().receive());
        var moving = moving(opened.push(), PushTransport.SSE);
        var stream = server.takeGet();
        assertEquals("2", stream.header("Postern-Epoch"));
        opened.push().send("b");
        assertEquals(new Message.Text("b"), opened.socket().receive());
        assertFalse(moving.isDone());
        stream.stream();
        stream.write(attached(2, 0, 1, ""));
        moving.get();
        assertEquals(PushTransport.SSE, opened.push().transport());
        var post = server.takePost();
        assertEquals("data:b\n\n", post.body());
        assertEquals("2", post.header("Postern-Sequence"));
        assertEquals("2", post.header("Postern-Epoch"));
        assertThrows(ConnectionClosedException.class, () -> opened.socket().receive());
        opened.push().abort();
    }

    @Test
    void a_move_that_fails_is_told_and_the_session_goes_on() throws Exception {
        var opened = overWebSocket(client());
        var moving = moving(opened.push(), PushTransport.SSE);
        server.takeGet().answer(404, "no");
        var failure = assertThrows(ExecutionException.class, moving::get);
        assertTrue(Objects.requireNonNull(failure.getCause()).getCause() instanceof IOException);
        opened.push().send("a");
        assertEquals(new Message.Text("a"), opened.socket().receive());
        opened.push().abort();
    }

    @Test
    void a_move_of_a_session_that_is_over_is_refused() throws Exception {
        var opened = overWebSocket(client());
        opened.push().abort();
        assertThrows(ConnectionClosedException.class, () -> opened.push().moveTo(PushTransport.SSE));
    }

    @Test
    void a_websocket_is_left_when_the_server_has_asked_and_another_has_answered() throws Exception {
        var opened = overWebSocket(client());
        long asked = System.nanoTime();
        send(opened.socket(), "event:detach\ndata:reason=move&after=300\n\n");
        var again = server.takeGet();
        assertTrue(System.nanoTime() - asked >= Duration.ofMillis(290).toNanos());
        opened.push().send("over the old one");
        assertEquals(new Message.Text("over the old one"), opened.socket().receive());
        var socket = again.upgrade();
        assertEquals("event:attach\nid:0\ndata:epoch=2&session=S\n\n", control(socket.receive()));
        opened.socket().close(SessionCodes.SUPERSEDED); // as the server does, whose answer is on the way
        send(socket, attached(2, 0, 1, ""));
        socket.send("over the new one");
        assertEquals(new Message.Text("over the new one"), opened.push().receive());
        assertEquals(ReadyState.OPEN, opened.push().readyState());
        opened.push().abort();
    }

    @Test
    void a_stream_is_attached_anew_after_the_time_that_the_server_has_said() throws Exception {
        var opened = overStream(client());
        long asked = System.nanoTime();
        opened.stream().write("event:detach\ndata:reason=move&after=300\n\n");
        opened.stream().cut();
        assertEquals("2", server.takeGet().header("Postern-Epoch"));
        assertTrue(System.nanoTime() - asked >= Duration.ofMillis(290).toNanos());
        opened.push().abort();
    }

    // draining

    @Test
    void what_was_sent_is_confirmed_before_the_close_of_a_server_that_stops() throws Exception {
        var opened = overWebSocket(client());
        opened.push().send("a");
        assertEquals(new Message.Text("a"), opened.socket().receive());
        send(opened.socket(), "event:close\nid:1\ndata:code=1001&reason=\n\n");
        assertTrue(opened.socket().receive(Duration.ofMillis(100)).isEmpty());
        assertThrows(ConnectionClosedException.class, () -> opened.push().send("b"));
        send(opened.socket(), "event:ack\nid:1\n\n");
        assertEquals("event:ack\nid:1\n\n", control(opened.socket().receive()));
        var end = assertThrows(ConnectionClosedException.class, opened.push()::receive);
        assertEquals(CloseStatus.GOING_AWAY.code(), end.closeInfo().status().code());
        assertEquals(0, opened.push().unconfirmed());
    }

    @Test
    void over_http_posts_go_on_before_the_close_of_a_server_that_stops_is_acknowledged() throws Exception {
        var opened = overStream(client());
        opened.push().send("a");
        var post = server.takePost();
        opened.push().send("b");
        opened.stream().write("event:close\nid:1\ndata:code=1001&reason=\n\n");
        opened.stream().cut();
        post.answer(200, "", "Postern-Received: 1");
        var last = server.takePost();
        assertEquals("data:b\n\n", last.body());
        last.answer(200, "", "Postern-Received: 2");
        var ack = server.takePost();
        assertEquals("1", ack.header("Last-Event-ID"));
        ack.answer(204, "", "Postern-Received: 2");
        assertThrows(ConnectionClosedException.class, opened.push()::receive);
        assertEquals(0, opened.push().unconfirmed());
    }

    @Test
    void a_server_that_stops_without_confirming_leaves_a_number() throws Exception {
        var options = PushClientTest.options().withCloseTimeout(Duration.ofMillis(200));
        var opened = overWebSocket(client().options(options));
        opened.push().send("a");
        opened.push().send("b");
        send(opened.socket(), "event:close\nid:1\ndata:code=1001&reason=\n\n");
        assertThrows(ConnectionClosedException.class, opened.push()::receive);
        assertEquals(2, opened.push().unconfirmed());
    }

    // tokens

    @Test
    void a_token_goes_with_every_request_and_is_renewed_when_it_is_refused() throws Exception {
        var calls = new AtomicInteger();
        var connecting = connecting(
                client().transport(PushTransport.SSE).token(() -> PushToken.of("t" + calls.incrementAndGet())));
        var first = server.takeGet();
        assertEquals("Bearer t1", first.header("Authorization"));
        first.answer(401, "no", "Postern-Error: token", "WWW-Authenticate: Bearer");
        var second = server.takeGet();
        assertEquals("Bearer t2", second.header("Authorization"));
        second.stream();
        second.write(attached(2, 0, 0, "S"));
        var push = connecting.get();
        push.send("a");
        var post = server.takePost();
        assertEquals("Bearer t2", post.header("Authorization"));
        post.answer(401, "no", "Postern-Error: token");
        assertEquals("Bearer t3", server.takePost().header("Authorization"));
        push.abort();
    }

    @Test
    void a_token_that_is_refused_twice_is_fatal() throws Exception {
        var calls = new AtomicInteger();
        var opened = overWebSocket(
                client().transport(PushTransport.WEBSOCKET).token(() -> PushToken.of("t" + calls.incrementAndGet())));
        opened.socket().close(CloseStatus.of(4401));
        var again = server.takeGet();
        assertEquals("Bearer t2", again.header("Authorization"));
        again.answer(401, "no", "Postern-Error: token");
        var end = assertThrows(ConnectionClosedException.class, opened.push()::receive);
        assertEquals(4401, end.closeInfo().status().code());
        assertFalse(server.getComes(600));
    }

    @Test
    void a_token_is_renewed_in_band_before_it_expires() throws Exception {
        var calls = new AtomicInteger();
        var opened = overWebSocket(client().token(() -> calls.incrementAndGet() == 1
                ? PushToken.of("t1", Instant.now().plusMillis(1_300))
                : PushToken.of("t2")));
        assertEquals("event:token\ndata:token=t2\n\n", control(opened.socket().receive()));
        opened.push().abort();
    }

    @Test
    void a_token_that_came_by_renewal_is_renewed_in_time_too() throws Exception {
        var askedAt = new LinkedBlockingQueue<Long>();
        var opened = overWebSocket(client().token(() -> {
            askedAt.add(System.nanoTime());
            var unused = new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS); // as an authorization server takes
            return PushToken.of("t" + askedAt.size(), Instant.now().plusMillis(1_250));
        }));
        assertEquals("event:token\ndata:token=t2\n\n", control(opened.socket().receive()));
        assertEquals("event:token\ndata:token=t3\n\n", control(opened.socket().receive()));
        askedAt.remove();
        long second = askedAt.remove();
        long between = askedAt.remove() - second;
        assertTrue(between < 3_000_000_000L, between + " ns between, where 1 s is due");
        opened.push().abort();
    }

    @Test
    void a_supplier_that_fails_is_asked_again() throws Exception {
        var calls = new AtomicInteger();
        var opened = overWebSocket(client().transport(PushTransport.WEBSOCKET).token(() -> {
            if (calls.incrementAndGet() == 2) {
                throw new IOException("no token now");
            }
            return PushToken.of("t" + calls.get());
        }));
        opened.socket().close(CloseStatus.of(4401));
        assertEquals("Bearer t3", server.takeGet().header("Authorization"));
        opened.push().abort();
    }

    // events

    /** Puts down what it is told. */
    private static class Log implements PushClientListener {
        final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        public void onStateChange(ClientPushSession session, ReadyState state) {
            lines.add(state.toString());
        }

        @Override
        public void onTransportChange(ClientPushSession session, PushTransport from, PushTransport to) {
            lines.add(from + " to " + to);
        }

        @Override
        public void onInterrupted(ClientPushSession session, IOException cause) {
            lines.add("interrupted");
        }

        @Override
        public void onResumed(ClientPushSession session, Duration interruption) {
            lines.add("resumed");
        }

        String next() throws InterruptedException {
            return Objects.requireNonNull(lines.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void a_listener_is_told_in_order() throws Exception {
        var log = new Log();
        var opened = overWebSocket(client().listener(log));
        assertEquals("OPEN", log.next());
        var moving = moving(opened.push(), PushTransport.SSE);
        var stream = server.takeGet();
        stream.stream();
        stream.write(attached(2, 0, 0, ""));
        moving.get();
        assertEquals("WEBSOCKET to SSE", log.next());
        stream.cut();
        assertEquals("interrupted", log.next());
        var again = server.takeGet();
        again.stream();
        again.write(attached(3, 0, 0, ""));
        assertEquals("resumed", log.next());
        var closing = Thread.ofVirtual().start(() -> opened.push().close());
        assertEquals("CLOSING", log.next());
        server.takePost().answer(200, "", "Postern-Received: 1");
        closing.join();
        assertEquals("CLOSED", log.next());
        assertEquals(List.of(), List.copyOf(log.lines));
    }

    @Test
    void a_listener_is_told_once_that_the_session_closes() throws Exception {
        var log = new Log();
        var opened = overStream(client().listener(log));
        assertEquals("OPEN", log.next());
        var closers = Stream.generate(() -> Thread.ofVirtual().start(opened.push()::close))
                .limit(3)
                .toList();
        for (var closer : closers) {
            while (closer.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait(); // until it has told the loop, and waits for the end
            }
        }
        opened.push().networkChanged();
        server.takeGet(); // the loop has heard of that, and so of what came before
        server.takePost().answer(200, "", "Postern-Received: 1");
        for (var closer : closers) {
            closer.join();
        }
        assertEquals("CLOSING", log.next());
        assertEquals("CLOSED", log.next());
    }

    @Test
    void a_listener_that_is_slow_or_fails_holds_up_nothing() throws Exception {
        var release = new CountDownLatch(1);
        var log = new Log() {
            @Override
            public void onStateChange(ClientPushSession session, ReadyState state) {
                super.onStateChange(session, state);
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new AssertionError("fails, and not by an exception");
            }
        };
        var opened = overWebSocket(client().listener(log));
        assertEquals("OPEN", log.next());
        opened.socket().send("a");
        assertEquals(new Message.Text("a"), opened.push().receive());
        opened.push().abort();
        assertEquals(ReadyState.CLOSED, opened.push().readyState());
        release.countDown();
        assertEquals("CLOSED", log.next());
    }

    @Test
    void a_session_that_cannot_be_opened_is_told_as_closed() throws Exception {
        var log = new Log();
        var connecting = connecting(client().transport(PushTransport.SSE).listener(log));
        server.takeGet().answer(404, "no", EVENT_STREAM);
        assertThrows(ExecutionException.class, connecting::get);
        assertEquals("CLOSED", log.next());
    }
}
