package io.github.postern.ws.core;

import static io.github.postern.ws.core.Wire.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RFC 6455 §7: the closing handshake between two ends that are joined by nothing but their bytes. */
class ClosingTest {
    private final End client = new End(Role.CLIENT);
    private final End server = new End(Role.SERVER);

    @Test
    void one_end_closes_and_the_other_echoes_the_code() {
        client.outbound.close(CloseStatus.of(3000, "bye"));
        var atServer = assertInstanceOf(Event.Closed.class, server.receive(client.send()));
        assertEquals(CloseStatus.of(3000, "bye"), atServer.status());

        server.outbound.reply(atServer.reply());
        var atClient = assertInstanceOf(Event.Closed.class, client.receive(server.send()));
        assertEquals(CloseStatus.of(3000), atClient.status());
        assertBothClosed();
    }

    @Test
    void both_ends_close_at_once_and_see_the_code_of_the_other() {
        client.outbound.close(CloseStatus.NORMAL);
        server.outbound.close(CloseStatus.GOING_AWAY);
        var fromClient = client.send();
        var fromServer = server.send();
        assertEquals(new Event.Closed(CloseStatus.GOING_AWAY), client.receive(fromServer));
        assertEquals(new Event.Closed(CloseStatus.NORMAL), server.receive(fromClient));
        assertBothClosed();
    }

    @Test
    void messages_still_arrive_while_an_end_waits_for_the_close_frame() {
        client.outbound.close(CloseStatus.NORMAL);
        server.outbound.text("late");
        assertEquals(new Event.Text("late"), client.receive(server.send()));
        assertFalse(client.inbound.isClosed());
    }

    @Test
    void a_ping_after_our_close_frame_is_not_answered() {
        server.outbound.ping(ByteBuffer.allocate(1));
        var ping = server.send();
        client.outbound.close(CloseStatus.NORMAL);
        client.send();
        var reply = assertInstanceOf(Event.Ping.class, client.receive(ping)).reply();
        assertThrows(IllegalStateException.class, () -> client.outbound.reply(reply));
    }

    @Test
    void a_second_close_frame_is_ignored() {
        assertInstanceOf(Event.Closed.class, client.receive(ByteBuffer.wrap(bytes("8802 03e8"))));
        assertNull(client.receive(ByteBuffer.wrap(bytes("8802 03e9"))));
    }

    @Test
    void an_end_that_fails_tells_the_other_why() {
        var failed = assertInstanceOf(Event.Failed.class, server.receive(ByteBuffer.wrap(bytes("8100"))));
        server.outbound.reply(failed.reply());
        var atClient = assertInstanceOf(Event.Closed.class, client.receive(server.send()));
        assertEquals(CloseStatus.PROTOCOL_ERROR, atClient.status());
    }

    private void assertBothClosed() {
        assertTrue(client.inbound.isClosed());
        assertTrue(server.inbound.isClosed());
        assertTrue(client.outbound.isClosed());
        assertTrue(server.outbound.isClosed());
    }

    private record End(Inbound inbound, Outbound outbound) {
        End(Role role) {
            this(new Inbound(role, Limits.defaults()), new Outbound(role, () -> Wire.KEY));
        }

        ByteBuffer send() {
            var bytes = ByteBuffer.allocate(200);
            assertTrue(outbound.encode(bytes));
            return bytes.flip();
        }

        @Nullable
        Event receive(ByteBuffer bytes) {
            return inbound.next(bytes);
        }
    }
}
