package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.testkit.MemoryTransport;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.PreparedMessage;
import io.github.postern.ws.core.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** One message to many connections. */
@Timeout(60)
@ExtendWith(EveryConnectionEnds.class)
class BroadcastTest {
    private static final PreparedMessage LARGE =
            PreparedMessage.binary(ByteBuffer.allocate(2 * MemoryTransport.CAPACITY));

    private static List<Fixture.WithPeer> servers(int count, ConnectionOptions options) {
        return IntStream.range(0, count)
                .mapToObj(i -> Fixture.WithPeer.of(Role.SERVER, options))
                .toList();
    }

    private static List<WebSocketConnection> connections(List<Fixture.WithPeer> servers) {
        return servers.stream().map(Fixture.WithPeer::connection).toList();
    }

    private static void abort(List<Fixture.WithPeer> servers) {
        servers.forEach(it -> it.connection().abort());
    }

    @Test
    void everybody_gets_every_message_in_order() throws Exception {
        var servers = servers(50, ConnectionOptions.defaults());
        for (int i = 0; i < 20; i++) {
            var result = Broadcast.send(PreparedMessage.text("" + i), connections(servers), SlowConsumer.CLOSE);
            assertEquals(new BroadcastResult(50, 0, 0), result);
        }
        for (var it : servers) {
            for (int i = 0; i < 20; i++) {
                it.peer().expectText("" + i);
            }
        }
        abort(servers);
    }

    @Test
    void peers_that_do_not_read_delay_nobody_and_get_what_waited_in_order() throws Exception {
        var slow = servers(20, ConnectionOptions.defaults());
        var quick = servers(20, ConnectionOptions.defaults());
        var all = new ArrayList<WebSocket>();
        for (int i = 0; i < 20; i++) {
            all.add(slow.get(i).connection());
            all.add(quick.get(i).connection());
        }
        var readers = quick.stream()
                .map(it -> Fixture.start(() -> {
                    assertInstanceOf(Event.Binary.class, it.peer().next());
                    for (int i = 0; i < 10; i++) {
                        it.peer().expectText("" + i);
                    }
                    return true;
                }))
                .toList();
        assertEquals(new BroadcastResult(40, 0, 0), Broadcast.send(LARGE, all, SlowConsumer.CLOSE));
        for (int i = 0; i < 10; i++) {
            var result = Broadcast.send(PreparedMessage.text("" + i), all, SlowConsumer.CLOSE);
            assertEquals(new BroadcastResult(40, 0, 0), result);
        }
        for (var reader : readers) {
            assertTrue(reader.get());
        }
        for (var it : slow) {
            assertInstanceOf(Event.Binary.class, it.peer().next());
            for (int i = 0; i < 10; i++) {
                it.peer().expectText("" + i);
            }
        }
        abort(slow);
        abort(quick);
    }

    @Test
    void the_result_counts_what_was_sent_dropped_and_closed() throws Exception {
        var slow = servers(3, ConnectionOptions.defaults().withUnsentMessages(1));
        var quick = servers(2, ConnectionOptions.defaults());
        var gone = servers(1, ConnectionOptions.defaults());
        abort(gone);
        assertEquals(new BroadcastResult(3, 0, 0), Broadcast.send(LARGE, connections(slow), SlowConsumer.CLOSE));
        for (var it : slow) {
            it.transport().awaitWriter();
        }
        var all = new ArrayList<WebSocket>(connections(slow));
        all.addAll(connections(quick));
        all.addAll(connections(gone));
        var message = PreparedMessage.text("a");
        assertEquals(new BroadcastResult(5, 1, 0), Broadcast.send(message, all, SlowConsumer.DROP_NEWEST));
        assertEquals(new BroadcastResult(2, 4, 0), Broadcast.send(message, all, SlowConsumer.DROP_NEWEST));
        assertEquals(new BroadcastResult(2, 1, 3), Broadcast.send(message, all, SlowConsumer.CLOSE));
        abort(slow);
        abort(quick);
    }

    @Test
    void to_nobody_is_no_error() {
        assertEquals(
                new BroadcastResult(0, 0, 0),
                Broadcast.send(PreparedMessage.text("a"), List.of(), SlowConsumer.DROP_OLDEST));
    }

    @Test
    void what_the_iteration_throws_is_thrown_at_the_caller() throws Exception {
        var servers = servers(2, ConnectionOptions.defaults());
        Iterable<WebSocket> receivers = () -> servers.stream()
                .map(it -> {
                    if (it.equals(servers.get(1))) {
                        throw new IllegalStateException("no more");
                    }
                    return (WebSocket) it.connection();
                })
                .iterator();
        assertThrows(
                IllegalStateException.class,
                () -> Broadcast.send(PreparedMessage.text("a"), receivers, SlowConsumer.DROP_OLDEST));
        servers.getFirst().peer().expectText("a");
        abort(servers);
    }

    @Test
    void an_error_of_the_iteration_is_thrown_at_the_caller() throws Exception {
        var it = Fixture.WithPeer.server();
        var error = new StackOverflowError("as planted");
        var receivers = new Iterator<WebSocket>() {
            private boolean first = true;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public WebSocket next() {
                if (!first) {
                    throw error;
                }
                first = false;
                return it.connection();
            }
        };
        var broadcast = Fixture.start(() -> assertThrows(
                StackOverflowError.class,
                () -> Broadcast.send(PreparedMessage.text("a"), () -> receivers, SlowConsumer.DROP_OLDEST)));
        assertSame(error, broadcast.get());
        it.peer().expectText("a");
        it.connection().abort();
    }

    @Test
    void an_interrupt_does_not_end_it_early() throws Exception {
        var servers = servers(50, ConnectionOptions.defaults());
        var broadcast = Fixture.start(() -> {
            Thread.currentThread().interrupt();
            var result = Broadcast.send(PreparedMessage.text("a"), connections(servers), SlowConsumer.CLOSE);
            assertTrue(Thread.interrupted());
            return result;
        });
        assertEquals(new BroadcastResult(50, 0, 0), broadcast.get());
        for (var it : servers) {
            it.peer().expectText("a");
        }
        abort(servers);
    }
}
