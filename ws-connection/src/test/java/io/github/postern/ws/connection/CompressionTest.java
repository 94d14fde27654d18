package io.github.postern.ws.connection;

import static io.github.postern.ws.connection.Fixture.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.connection.Fixture.Pair;
import io.github.postern.ws.core.DeflateOptions;
import io.github.postern.ws.core.handshake.Extension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections on which permessage-deflate was agreed. */
@Timeout(30)
@ExtendWith(EveryConnectionEnds.class)
class CompressionTest {
    private static final List<Extension> TAKEOVER = List.of(Extension.of("permessage-deflate"));
    private static final List<Extension> NO_TAKEOVER = List.of(Extension.of(
            "permessage-deflate",
            Extension.Parameter.of("server_no_context_takeover"),
            Extension.Parameter.of("client_no_context_takeover")));

    private final SharedDeflatePool pool = new SharedDeflatePool(-1, 10);
    private final ConnectionOptions options = ConnectionOptions.defaults().withDeflate(new DeflateOptions(0, pool));

    @Test
    void messages_arrive_as_they_were_sent() throws Exception {
        for (var extensions : List.of(TAKEOVER, NO_TAKEOVER)) {
            var pair = Pair.open(options, extensions);
            for (int i = 0; i < 3; i++) {
                pair.client().send("hello ".repeat(1000));
                assertEquals(
                        new Message.Text("hello ".repeat(1000)), pair.server().receive());
                pair.server().send(bytes("hello ".repeat(1000)));
                assertEquals(
                        new Message.Binary(bytes("hello ".repeat(1000))),
                        pair.client().receive());
            }
            close(pair);
        }
    }

    /** Whether a message was compressed shows in whether a compressor was borrowed for it, and kept. */
    @Test
    void the_sender_may_decide_for_each_message() throws Exception {
        var pair = Pair.open(options, TAKEOVER);
        pair.client().send("hello", false);
        pair.client().send(bytes("hello"), false);
        pair.server().receive();
        pair.server().receive();
        assertEquals(0, pool.lentDeflaters());
        pair.client().send("hello", true);
        assertEquals(new Message.Text("hello"), pair.server().receive());
        assertEquals(1, pool.lentDeflaters());
        pair.server().send(bytes("hello"), true);
        assertEquals(new Message.Binary(bytes("hello")), pair.client().receive());
        assertEquals(2, pool.lentDeflaters());
        close(pair);
    }

    @Test
    void an_idle_connection_without_context_takeover_holds_no_native_memory() throws Exception {
        var pair = Pair.open(options, NO_TAKEOVER);
        pair.client().send("hello ".repeat(1000));
        pair.server().receive();
        assertEquals(0, pool.lentDeflaters());
        assertEquals(0, pool.lentInflaters());
        close(pair);
    }

    @Test
    void a_connection_gives_its_native_memory_back_when_it_is_closed() throws Exception {
        var pair = talkingPair();
        close(pair);
        awaitNothingLent();
    }

    @Test
    void a_connection_gives_its_native_memory_back_when_it_is_aborted() throws Exception {
        var pair = talkingPair();
        pair.client().abort();
        assertThrows(ConnectionClosedException.class, () -> pair.server().receive());
        awaitNothingLent();
    }

    @Test
    void a_receiver_that_is_waiting_gives_it_back_too() throws Exception {
        var pair = talkingPair();
        var waiting = Fixture.start(() -> pair.server().receive());
        pair.server().abort(); // before it waits or while it does
        assertThrows(ExecutionException.class, waiting::get);
        pair.client().abort();
        awaitNothingLent();
    }

    private Pair talkingPair() throws Exception {
        var pair = Pair.open(options, TAKEOVER);
        pair.client().send("hello");
        pair.server().receive();
        pair.server().send("hello");
        pair.client().receive();
        assertEquals(2, pool.lentDeflaters());
        assertEquals(2, pool.lentInflaters());
        return pair;
    }

    private static void close(Pair pair) throws Exception {
        var closing = Fixture.start(() -> {
            pair.client().close();
            return null;
        });
        assertThrows(ConnectionClosedException.class, () -> pair.server().receive());
        closing.get();
    }

    /** The thread that was in the middle of something lets go of it when it is done. */
    private void awaitNothingLent() {
        long deadline =
                Deadline.after(TimeSource.system(), Duration.ofSeconds(10).toNanos());
        while (pool.lentDeflaters() + pool.lentInflaters() > 0 && !Deadline.hasPassed(TimeSource.system(), deadline)) {
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(0, pool.lentDeflaters());
        assertEquals(0, pool.lentInflaters());
    }
}
