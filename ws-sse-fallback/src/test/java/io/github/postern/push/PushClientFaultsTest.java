package io.github.postern.push;

import static io.github.postern.push.Script.TERMS;
import static io.github.postern.push.Script.connecting;
import static io.github.postern.push.Script.end;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.ScriptedServer.Exchange;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java client's HTTP transports against answers that a healthy server seldom gives: PROTOCOL.md §4 to §9. */
@Timeout(60)
class PushClientFaultsTest {
    private static final String CLOSE = "event:close\nid:%d\ndata:code=4000&reason=done\n\n";

    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static String attached(long epoch, long position, long received) {
        return Script.attached(epoch, position, received, epoch == 1 ? "S3cret" : "");
    }

    private PushClient.Builder client() {
        return PushClient.builder(server.uri()).memory(new TransportMemory()).options(PushClientTest.options());
    }

    private record Opened(ClientPushSession push, Exchange stream) {}

    /** A session over SSE whose stream the test writes. */
    private Opened openStream() throws Exception {
        var connecting = connecting(client().transport(PushTransport.SSE));
        var stream = server.takeGet();
        stream.stream();
        stream.write(attached(1, 0, 0));
        return new Opened(connecting.get(), stream);
    }

    @Test
    void ends_with_the_cause_when_a_fault_of_its_own_stops_what_posts() throws Exception {
        var faulty = new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public long nextLong() {
                throw new IllegalStateException("a fault of ours");
            }
        };
        var connecting = connecting(client().transport(PushTransport.SSE).random(faulty));
        var stream = server.takeGet();
        stream.stream();
        stream.write(attached(1, 0, 0));
        var push = connecting.get();
        push.send("a");
        server.takePost().answer(503, ""); // which is to be repeated after a random time
        var info = end(push);
        assertEquals(CloseStatus.ABNORMAL, info.status());
        assertInstanceOf(IllegalStateException.class, info.cause());
        assertEquals(1, push.unconfirmed());
    }

    // requests, §4

    @Test
    void says_who_it_is_in_headers_and_not_in_the_url() throws Exception {
        var connecting =
                connecting(client().transport(PushTransport.LONG_POLLING).header("Authorization", "Bearer t"));
        var open = server.takeGet();
        assertEquals("/push?a=b", open.target());
        assertEquals("1", open.header("Postern-Epoch"));
        assertEquals("", open.header("Postern-Session"));
        assertEquals("long-polling", open.header("Postern-Transport"));
        assertEquals("text/event-stream", open.header("Accept"));
        assertEquals("Bearer t", open.header("Authorization"));
        open.answer(200, attached(1, 0, 0) + "id:1\ndata:a\n\n", "Content-Type: text/event-stream");
        var push = connecting.get();
        var poll = server.takeGet();
        assertEquals("/push?a=b", poll.target());
        assertEquals("1", poll.header("Postern-Epoch"));
        assertEquals("S3cret", poll.header("Postern-Session"));
        assertEquals("1", poll.header("Last-Event-ID"));
        assertEquals("Bearer t", poll.header("Authorization"));
        push.send("b");
        var post = server.takePost();
        assertEquals("/push?a=b", post.target());
        assertEquals("text/event-stream", post.header("Content-Type"));
        assertEquals("S3cret", post.header("Postern-Session"));
        assertEquals("1", post.header("Postern-Epoch"));
        assertEquals("1", post.header("Postern-Sequence"));
        assertEquals("Bearer t", post.header("Authorization"));
        assertEquals("data:b\n\n", post.body());
        push.abort();
    }

    // opening

    @Test
    void falls_back_from_websocket_to_sse_to_long_polling() throws Exception {
        var connecting = connecting(client());
        var webSocket = server.takeGet();
        assertEquals("websocket", webSocket.header("Upgrade"));
        webSocket.answer(404, "no");
        var sse = server.takeGet();
        assertEquals("", sse.header("Postern-Transport"));
        sse.answer(200, "<html>", "Content-Type: text/html");
        var poll = server.takeGet();
        assertEquals("long-polling", poll.header("Postern-Transport"));
        assertEquals("2", poll.header("Postern-Epoch"));
        poll.answer(
                200,
                "event:attached\nid:0\ndata:session=S&epoch=2&received=0" + TERMS,
                "Content-Type: text/event-stream");
        var push = connecting.get();
        assertEquals(PushTransport.LONG_POLLING, push.transport());
        push.abort();
    }

    @Test
    void goes_on_with_the_session_whose_stream_does_not_get_through() throws Exception {
        var builder = client();
        var connecting = connecting(builder);
        server.takeGet().answer(426, "no");
        var sse = server.takeGet();
        sse.stream("Postern-Session: S", "Postern-Id: p", "Postern-Epoch: 1", "Postern-Received: 0");
        sse.cut();
        var poll = server.takeGet();
        assertEquals("S", poll.header("Postern-Session"));
        assertEquals("2", poll.header("Postern-Epoch"));
        poll.answer(200, "event:attached\nid:0\ndata:epoch=2&received=0" + TERMS, "Content-Type: text/event-stream");
        connecting.get().abort();
    }

    private static IOException failure(CompletableFuture<ClientPushSession> connecting) {
        var failed = assertThrows(ExecutionException.class, connecting::get);
        return Objects.requireNonNull(
                assertInstanceOf(UncheckedIOException.class, failed.getCause()).getCause());
    }

    private static String message(Throwable failure) {
        return Objects.requireNonNull(failure.getMessage());
    }

    @Test
    void tells_why_no_transport_could_be_opened() throws Exception {
        var connecting = connecting(client());
        for (int i = 0; i < 3; i++) {
            server.takeGet().answer(404 + i, "no");
        }
        var failure = failure(connecting);
        assertTrue(message(failure).contains("406"), message(failure));
        assertTrue(message(failure).startsWith("no push session at http://localhost:"), message(failure));
        assertFalse(message(failure).contains("a=b"), message(failure));
        assertEquals(1, Objects.requireNonNull(failure.getCause()).getSuppressed().length);
        ClientThreads.awaitNone();
    }

    @Test
    void does_not_try_other_transports_when_the_server_itself_refuses() throws Exception {
        var connecting = connecting(client());
        server.takeGet().answer(403, "no", "Postern-Error: origin");
        assertTrue(message(failure(connecting)).contains("403 origin"));
        assertFalse(server.getComes(50));
    }

    @Test
    void does_not_try_other_transports_when_nobody_listens() throws Exception {
        int port;
        try (var listener = new ServerSocket(0)) {
            port = listener.getLocalPort();
        }
        var builder = PushClient.builder(URI.create("http://localhost:" + port + "/push"));
        var failure = assertThrows(IOException.class, builder::connect);
        var cause = assertInstanceOf(ConnectException.class, failure.getCause());
        assertEquals(0, cause.getSuppressed().length);
        ClientThreads.awaitNone();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id:1\ndata:early\n\n",
                "event:attached\nid:5\ndata:session=S&epoch=1&received=0" + TERMS,
                ":\n\n",
                "data:x",
                "event:attached\nid:0\ndata:session=S&epoch=1&received=0\n\n",
                "event:attached\nid:0\ndata:%\n\n"
            })
    void does_not_open_without_a_proper_greeting(String body) throws Exception {
        var connecting = connecting(client().transport(PushTransport.POLLING));
        server.takeGet().answer(200, body, "Content-Type: text/event-stream");
        assertInstanceOf(IOException.class, failure(connecting));
    }

    // receiving, §5 and §6

    @Test
    void drops_what_it_has_received_before() throws Exception {
        var opened = openStream();
        opened.stream().write("id:1\ndata:a\n\nid:1\ndata:a\n\nid:2\ndata:b\n\nid:1\ndata:a\n\nid:3\ndata:c\n\n");
        for (var text : new String[] {"a", "b", "c"}) {
            assertEquals(new Message.Text(text), opened.push().receive());
        }
        opened.push().abort();
    }

    @Test
    void counts_messages_whose_number_is_left_out() throws Exception {
        var opened = openStream();
        opened.stream().write("id:1\ndata:a\n\ndata:b\n\nid:1\ndata:a\n\ndata:b\n\nevent:text\ndata:Yw\n\n");
        for (var text : new String[] {"a", "b", "c"}) {
            assertEquals(new Message.Text(text), opened.push().receive());
        }
        opened.stream().cut();
        var again = server.takeGet();
        assertEquals("3", again.header("Last-Event-ID"));
        again.stream();
        again.write(attached(2, 3, 0) + "data:in the second response the first message has none either\n\n");
        assertEquals(CloseStatus.PROTOCOL_ERROR, end(opened.push()).status());
    }

    @Test
    void attaches_again_where_a_message_is_missing() throws Exception {
        var opened = openStream();
        opened.stream().write("id:1\ndata:a\n\nid:3\ndata:c\n\n");
        var again = server.takeGet();
        assertEquals("2", again.header("Postern-Epoch"));
        assertEquals("1", again.header("Last-Event-ID"));
        again.stream();
        again.write(attached(2, 1, 0) + "id:2\ndata:b\n\nid:3\ndata:c\n\n");
        for (var text : new String[] {"a", "b", "c"}) {
            assertEquals(new Message.Text(text), opened.push().receive());
        }
        opened.push().abort();
    }

    @Test
    void drops_an_unfinished_record() throws Exception {
        var opened = openStream();
        opened.stream().write("id:1\ndata:a\n\nid:2\ndata:half a mess");
        opened.stream().cut();
        var again = server.takeGet();
        assertEquals("1", again.header("Last-Event-ID"));
        again.stream();
        again.write(attached(2, 1, 0) + "id:2\ndata:whole\n\n");
        assertEquals(new Message.Text("a"), opened.push().receive());
        assertEquals(new Message.Text("whole"), opened.push().receive());
        opened.push().abort();
    }

    @Test
    void ignores_what_it_does_not_know() throws Exception {
        var opened = openStream();
        opened.stream().write("event:later\nid:77\ndata:x=y\n\n:comment\nnew:field\nid:1\nevent:\ndata:a\n\n");
        assertEquals(new Message.Text("a"), opened.push().receive());
        opened.push().abort();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id:1\nevent:binary\ndata:***\n\n",
                "data:no number\n\n",
                "id:x\ndata:a\n\n",
                "event:close\nid:1\ndata:%\n\n"
            })
    void ends_with_a_server_that_breaks_the_protocol(String content) throws Exception {
        var opened = openStream();
        opened.stream().write(content);
        var info = end(opened.push());
        assertEquals(CloseStatus.PROTOCOL_ERROR, info.status());
        assertEquals(Initiator.LOCAL, info.initiator());
    }

    @Test
    void repeats_a_poll_without_a_complete_answer_in_a_new_epoch() throws Exception {
        var connecting = connecting(client().transport(PushTransport.LONG_POLLING));
        server.takeGet().answer(200, attached(1, 0, 0), "Content-Type: text/event-stream");
        var push = connecting.get();
        server.takeGet().cut();
        var again = server.takeGet();
        // the JDK's client may repeat a GET by itself when a reused connection turns out to be closed
        var attach = again.header("Postern-Epoch").equals("1") ? cutAndTake(again) : again;
        assertEquals("2", attach.header("Postern-Epoch"));
        attach.answer(200, attached(2, 0, 0) + "id:1\ndata:a\n\n", "Content-Type: text/event-stream");
        assertEquals(new Message.Text("a"), push.receive());
        push.abort();
    }

    private Exchange cutAndTake(Exchange exchange) throws InterruptedException {
        exchange.cut();
        return server.takeGet();
    }

    @Test
    void acknowledges_250_messages_by_a_post_without_a_body() throws Exception {
        var opened = openStream();
        for (int n = 1; n < 250; n++) {
            opened.stream().write("id:" + n + "\ndata:x\n\n");
        }
        assertFalse(server.postComes(50));
        opened.stream().write("id:250\ndata:x\n\n");
        var post = server.takePost();
        assertEquals("", post.body());
        assertEquals("250", post.header("Last-Event-ID"));
        assertEquals("", post.header("Postern-Sequence"));
        post.answer(204, "", "Postern-Received: 0");
        opened.push().abort();
    }

    // attaching again, §9

    @Test
    void is_moved_when_the_server_asks() throws Exception {
        var opened = openStream();
        opened.stream().write("event:detach\ndata:reason=rotate\n\n");
        var again = server.takeGet();
        assertEquals("2", again.header("Postern-Epoch"));
        opened.push().abort();
    }

    @Test
    void does_not_fight_for_a_session_that_another_has_taken() throws Exception {
        var opened = openStream();
        opened.stream().write("event:detach\ndata:reason=superseded\n\n");
        assertEquals(SessionCodes.SUPERSEDED, end(opened.push()).status());
        assertFalse(server.getComes(600));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"403, fenced, 4403", "403, origin, 4403", "400, position, 4400", "406, type, 4406", "451, refused, 4451"
    })
    void does_not_attach_again_when_refused(int status, String error, int code) throws Exception {
        var opened = openStream();
        opened.stream().cut();
        server.takeGet().answer(status, "no", "Postern-Error: " + error);
        assertEquals(code, end(opened.push()).status().code());
        assertFalse(server.getComes(600));
    }

    @Test
    void is_told_how_a_session_ended_while_it_was_away() throws Exception {
        var opened = openStream();
        opened.stream().cut();
        server.takeGet().answer(410, CLOSE.formatted(3), "Postern-Error: session", "Content-Type: text/event-stream");
        var info = end(opened.push());
        assertEquals(CloseStatus.of(4000, "done"), info.status());
        assertEquals(Initiator.REMOTE, info.initiator());
    }

    @Test
    void waits_as_long_as_a_busy_server_asks() throws Exception {
        var opened = openStream();
        opened.stream().cut();
        server.takeGet().answer(503, "busy", "Postern-Error: busy", "Retry-After: 1");
        long asked = System.nanoTime();
        var again = server.takeGet();
        assertTrue(System.nanoTime() - asked >= Duration.ofMillis(990).toNanos());
        again.stream();
        again.write(attached(3, 0, 0) + "id:1\ndata:a\n\n");
        assertEquals(new Message.Text("a"), opened.push().receive());
        opened.push().abort();
    }

    @Test
    void goes_down_to_the_next_transport_when_its_own_is_refused_later() throws Exception {
        var connecting = connecting(client());
        server.takeGet().answer(404, "no");
        var stream = server.takeGet();
        stream.stream();
        stream.write("event:attached\nid:0\ndata:session=S&epoch=1&received=0" + TERMS);
        var push = connecting.get();
        assertEquals(PushTransport.SSE, push.transport());
        stream.cut();
        server.takeGet().answer(404, "no");
        var poll = server.takeGet();
        assertEquals("long-polling", poll.header("Postern-Transport"));
        assertEquals("3", poll.header("Postern-Epoch"));
        push.abort();
    }

    // sending, §7

    @Test
    void repeats_a_post_whose_answer_was_lost_with_what_has_gathered_meanwhile() throws Exception {
        var opened = openStream();
        opened.push().send("a");
        var first = server.takePost();
        opened.push().send("b");
        first.cut();
        var second = server.takePost();
        assertEquals("1", second.header("Postern-Sequence"));
        assertEquals("data:a\n\ndata:b\n\n", second.body());
        second.answer(200, "", "Postern-Received: 2");
        opened.push().send("c");
        var third = server.takePost();
        assertEquals("3", third.header("Postern-Sequence"));
        assertEquals("data:c\n\n", third.body());
        opened.push().abort();
    }

    @Test
    void has_one_post_under_way() throws Exception {
        var opened = openStream();
        opened.push().send("a");
        var first = server.takePost();
        opened.push().send("b");
        assertFalse(server.postComes(50));
        first.answer(200, "", "Postern-Received: 1");
        assertEquals("data:b\n\n", server.takePost().body());
        opened.push().abort();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {429, 503})
    void repeats_a_post_when_the_server_has_time(int status) throws Exception {
        var opened = openStream();
        opened.push().send("a");
        server.takePost().answer(status, "busy", "Postern-Error: busy", "Retry-After: 1", "Postern-Received: 0");
        long asked = System.nanoTime();
        assertEquals("data:a\n\n", server.takePost().body());
        assertTrue(System.nanoTime() - asked >= Duration.ofMillis(990).toNanos());
        opened.push().abort();
    }

    @Test
    void repeats_a_post_that_its_own_newer_attachment_has_fenced() throws Exception {
        var opened = openStream();
        opened.push().send("a");
        var post = server.takePost();
        opened.stream().cut();
        var again = server.takeGet();
        post.answer(403, "no", "Postern-Error: fenced", "Postern-Received: 0");
        var repeated = server.takePost();
        assertEquals("2", repeated.header("Postern-Epoch"));
        assertEquals("data:a\n\n", repeated.body());
        again.cut();
        opened.push().abort();
    }

    @Test
    void ends_when_a_post_is_fenced_by_somebody_else() throws Exception {
        var opened = openStream();
        opened.push().send("a");
        server.takePost().answer(403, "no", "Postern-Error: fenced", "Postern-Received: 0");
        assertEquals(SessionCodes.FENCED, end(opened.push()).status());
        assertFalse(server.postComes(50));
    }

    @Test
    void closes_with_1009_what_the_server_finds_too_big() throws Exception {
        var opened = openStream();
        opened.push().send("a");
        server.takePost().answer(413, "no", "Postern-Error: size", "Postern-Received: 0");
        var close = server.takePost();
        assertEquals("1", close.header("Postern-Sequence"));
        assertEquals("event:close\ndata:code=1009&reason=\n\n", close.body());
        close.answer(200, "", "Postern-Received: 1");
        assertEquals(CloseStatus.MESSAGE_TOO_BIG, end(opened.push()).status());
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"400, body", "415, type"})
    void ends_when_a_post_is_refused(int status, String error) throws Exception {
        var opened = openStream();
        opened.push().send("a");
        server.takePost().answer(status, "no", "Postern-Error: " + error, "Postern-Received: 0");
        assertEquals(CloseStatus.of(4000 + status, error), end(opened.push()).status());
    }

    @Test
    void does_not_take_a_strangers_answer_for_the_servers() throws Exception {
        var opened = openStream();
        opened.push().send("a");
        server.takePost().answer(200, "<html>Please log in</html>", "Content-Type: text/html");
        assertEquals("data:a\n\n", server.takePost().body());
        opened.push().abort();
    }

    @Test
    void ends_when_more_is_acknowledged_than_was_sent() throws Exception {
        var opened = openStream();
        opened.push().send("a");
        server.takePost().answer(200, "", "Postern-Received: 2");
        assertEquals(CloseStatus.PROTOCOL_ERROR, end(opened.push()).status());
    }

    // closing, §9

    @Test
    void closes_by_the_last_record_of_a_post() throws Exception {
        var opened = openStream();
        opened.push().send("a");
        var first = server.takePost();
        var closing = Thread.ofVirtual().start(() -> opened.push().close(CloseStatus.of(4000, "a&b c")));
        first.answer(200, "", "Postern-Received: 1");
        var close = server.takePost();
        assertEquals("event:close\ndata:code=4000&reason=a%26b+c\n\n", close.body());
        assertEquals("2", close.header("Postern-Sequence"));
        close.answer(200, "", "Postern-Received: 2");
        closing.join();
        assertTrue(opened.push().closeInfo().orElseThrow().clean());
        ClientThreads.awaitNone();
    }

    @Test
    void acknowledges_the_servers_close() throws Exception {
        var opened = openStream();
        opened.stream().write("id:1\ndata:a\n\n" + CLOSE.formatted(2));
        var ack = server.takePost();
        assertEquals("2", ack.header("Last-Event-ID"));
        assertEquals("", ack.body());
        assertEquals(new Message.Text("a"), opened.push().receive());
        assertEquals(CloseStatus.of(4000, "done"), end(opened.push()).status());
        ack.answer(204, "", "Postern-Received: 0");
        opened.push().close();
        ClientThreads.awaitNone();
    }

    @Test
    void gone_confirms_a_close() throws Exception {
        var opened = openStream();
        var closing = Thread.ofVirtual().start(() -> opened.push().close());
        server.takePost().answer(410, CLOSE.formatted(1), "Postern-Error: session");
        closing.join();
        var info = opened.push().closeInfo().orElseThrow();
        assertTrue(info.clean());
        assertEquals(CloseStatus.NORMAL, info.status());
    }

    @Test
    void reports_its_own_overflow() throws Exception {
        var options = PushClientTest.options().withUnacknowledged(3, 1_000).withSendTimeout(Duration.ofMillis(100));
        var connecting = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return client().transport(PushTransport.SSE)
                                .options(options)
                                .connect();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Executors.newVirtualThreadPerTaskExecutor());
        var stream = server.takeGet();
        stream.stream();
        stream.write(attached(1, 0, 0));
        var push = connecting.get();
        assertThrows(IllegalArgumentException.class, () -> push.send("x".repeat(1_001)));
        for (int i = 0; i < 3; i++) {
            push.send("x");
        }
        var overflow = assertThrows(ConnectionClosedException.class, () -> push.send("x"));
        assertEquals(SessionCodes.OVERFLOW, overflow.closeInfo().status());
        assertEquals(SessionCodes.OVERFLOW, end(push).status());
        push.close();
        ClientThreads.awaitNone();
    }
}
