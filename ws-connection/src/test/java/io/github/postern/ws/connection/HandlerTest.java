package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.CloseStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handlers and listeners: how their end becomes the connection's, and the other way round. */
@Timeout(30)
@ExtendWith(EveryConnectionEnds.class)
class HandlerTest {
    private static Runnable serving(ConnectionHandler<? super WebSocket> handler, WebSocket connection) {
        return () -> handler.serve(connection);
    }

    private static CloseStatus closeAfter(ConnectionHandler<? super WebSocket> handler) throws Exception {
        var pair = Fixture.Pair.open();
        Thread.ofVirtual().start(serving(handler, pair.server()));
        pair.client().forEach(message -> {});
        return pair.client().closeInfo().orElseThrow().status();
    }

    @Test
    void a_handler_that_returns_closes_with_1000() throws Exception {
        assertEquals(CloseStatus.NORMAL, closeAfter(ws -> ws.send("bye")));
    }

    @Test
    void a_handler_that_throws_closes_with_1011_and_tells_nothing_of_the_exception() throws Exception {
        var status = closeAfter(ws -> {
            throw new IllegalStateException("secret");
        });
        assertEquals(CloseStatus.of(1011), status);
    }

    @Test
    void a_handler_that_closed_itself_keeps_its_status() throws Exception {
        assertEquals(CloseStatus.of(3500, "mine"), closeAfter(ws -> ws.close(CloseStatus.of(3500, "mine"))));
    }

    /** Writes down what it hears. */
    private static final class Scribe implements WebSocketListener {
        /** A Pong of this size. */
        static final int THROW = 7;

        final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void onOpen(WebSocket ws) {
            heard.add("open");
        }

        @Override
        public void onText(WebSocket ws, String text) throws Exception {
            heard.add("text " + text);
            if (text.equals("throw")) {
                throw new IllegalStateException("asked to");
            }
        }

        @Override
        public void onBinary(WebSocket ws, ByteBuffer data) {
            heard.add("binary " + data.remaining());
        }

        @Override
        public void onPong(WebSocket ws, ByteBuffer payload) {
            heard.add("pong " + payload.remaining());
            if (payload.remaining() == THROW) {
                throw new IllegalStateException("asked to, by a Pong");
            }
        }

        @Override
        public void onError(WebSocket ws, Throwable error) {
            heard.add("error " + error.getMessage());
        }

        @Override
        public void onClose(WebSocket ws, CloseInfo info) {
            heard.add("close " + info.status().code());
        }
    }

    @Test
    void a_listener_hears_everything_in_order_and_the_end_once() throws Exception {
        var it = Fixture.WithPeer.server();
        var scribe = new Scribe();
        var serving = Thread.ofVirtual().start(serving(scribe, it.connection()));
        it.peer()
                .send(
                        out -> out.text("hi"),
                        out -> out.pong(ByteBuffer.allocate(2)),
                        out -> out.binary(ByteBuffer.allocate(3)),
                        out -> out.close(CloseStatus.of(3000)));
        it.peer().expectCloseCode(3000);
        it.peer().shutdownOutput();
        assertTrue(serving.join(Duration.ofSeconds(10)));
        assertEquals(List.of("open", "text hi", "pong 2", "binary 3", "close 3000"), scribe.heard);
    }

    @Test
    void a_listener_that_throws_hears_of_it_and_closes_with_1011() throws Exception {
        var it = Fixture.WithPeer.server();
        var scribe = new Scribe();
        var serving = Thread.ofVirtual().start(serving(scribe, it.connection()));
        it.peer().send(out -> out.text("throw"));
        it.peer().expectCloseCode(1011);
        it.peer().send(out -> out.close(CloseStatus.of(1011)));
        it.peer().shutdownOutput();
        assertTrue(serving.join(Duration.ofSeconds(10)));
        assertEquals(List.of("open", "text throw", "error asked to", "close 1011"), scribe.heard);
    }

    @Test
    void a_listener_that_throws_over_a_pong_hears_of_it_and_closes_with_1011() throws Exception {
        var it = Fixture.WithPeer.server();
        var scribe = new Scribe();
        var serving = Thread.ofVirtual().start(serving(scribe, it.connection()));
        it.peer().send(out -> out.pong(ByteBuffer.allocate(Scribe.THROW)));
        it.peer().expectCloseCode(1011);
        it.peer().send(out -> out.pong(ByteBuffer.allocate(1)), out -> out.close(CloseStatus.of(1011)));
        it.peer().shutdownOutput();
        assertTrue(serving.join(Duration.ofSeconds(10)));
        assertEquals(List.of("open", "pong 7", "pong 1", "error asked to, by a Pong", "close 1011"), scribe.heard);
    }

    @Test
    void a_listener_that_throws_while_another_of_its_methods_is_at_work_hears_of_it_afterwards() throws Exception {
        var it = Fixture.WithPeer.server();
        var busy = new CountDownLatch(1);
        var heard = new CopyOnWriteArrayList<String>();
        var serving = Thread.ofVirtual()
                .start(serving(
                        new WebSocketListener() {
                            @Override
                            public void onText(WebSocket ws, String text) throws Exception {
                                busy.await();
                                heard.add("text " + text);
                            }

                            @Override
                            public void onPong(WebSocket ws, ByteBuffer payload) {
                                throw new AssertionError("as planted");
                            }

                            @Override
                            public void onError(WebSocket ws, Throwable error) {
                                heard.add("error " + error.getMessage());
                            }

                            @Override
                            public void onClose(WebSocket ws, CloseInfo info) {
                                heard.add("close " + info.status().code());
                            }
                        },
                        it.connection()));
        it.peer().send(out -> out.text("hi"), out -> out.pong(ByteBuffer.allocate(1)));
        it.peer().expectCloseCode(1011);
        it.peer().send(out -> out.close(CloseStatus.of(1011)));
        it.peer().shutdownOutput();
        it.peer().expectEnd();
        busy.countDown();
        assertTrue(serving.join(Duration.ofSeconds(10)));
        assertEquals(List.of("text hi", "error as planted", "close 1011"), heard);
    }

    @Test
    void a_listener_hears_of_a_lost_connection() throws Exception {
        var it = Fixture.WithPeer.server();
        var scribe = new Scribe();
        var serving = Thread.ofVirtual().start(serving(scribe, it.connection()));
        it.peer().shutdownOutput();
        assertTrue(serving.join(Duration.ofSeconds(10)));
        assertEquals(
                List.of("open", "error the peer ended the stream without a Close frame", "close 1006"), scribe.heard);
    }
}
