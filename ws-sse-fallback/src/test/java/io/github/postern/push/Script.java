package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.WebSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** What tests with a {@link ScriptedServer} say in its place, and do with its client. */
final class Script {
    /** What the server tells of itself, behind the epoch and its position. */
    static final String TERMS = "&public=p&heartbeat=25000&expiry=120000&max=65536&body=262144\n\n";

    private Script() {}

    /** Connects on a thread of its own, since the test must answer. */
    static CompletableFuture<ClientPushSession> connecting(PushClient.Builder client) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return client.connect();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Executors.newVirtualThreadPerTaskExecutor());
    }

    /**
     * The record that answers an attach.
     *
     * @param session the secret if it opens the session, otherwise ""
     */
    static String attached(long epoch, long position, long received, String session) {
        return "event:attached\nid:" + position + "\ndata:" + (session.isEmpty() ? "" : "session=" + session + "&")
                + "epoch=" + epoch + "&received=" + received + TERMS;
    }

    /** Sends a control record. */
    static void send(WebSocket socket, String content) throws IOException {
        socket.send(StandardCharsets.UTF_8.encode("\0" + content));
    }

    /** The control record in a frame. */
    static String control(Message frame) {
        var data = assertInstanceOf(Message.Binary.class, frame).data();
        assertEquals(0, data.get());
        return StandardCharsets.UTF_8.decode(data).toString();
    }

    /** How the session ends, for which nothing more comes. */
    static CloseInfo end(PushSession push) {
        return assertThrows(ConnectionClosedException.class, push::receive).closeInfo();
    }
}
