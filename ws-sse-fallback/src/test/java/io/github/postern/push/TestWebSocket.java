package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.github.postern.ws.connection.Message;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The JDK's WebSocket, whose frames a test takes one by one: a String, a ByteBuffer, or {@link Closed}. */
final class TestWebSocket implements WebSocket.Listener {
    /** The end: the code of the Close frame, or 1006 if the connection broke. */
    record Closed(int code, String reason) {}

    private static final int PATIENCE_SECONDS = 10;

    private final BlockingQueue<Object> frames = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private ByteBuffer binary = ByteBuffer.allocate(0);
    private @Nullable WebSocket socket;

    static TestWebSocket open(HttpClient http, int port, String subprotocol) {
        var frames = new TestWebSocket();
        var builder = http.newWebSocketBuilder();
        if (!subprotocol.isEmpty()) {
            builder.subprotocols(subprotocol);
        }
        var socket = builder.buildAsync(URI.create("ws://localhost:" + port + "/push"), frames)
                .join();
        assertEquals(subprotocol, socket.getSubprotocol());
        frames.socket = socket;
        return frames;
    }

    private WebSocket socket() {
        assertNotNull(socket);
        return socket;
    }

    void text(String message) {
        socket().sendText(message, true).join();
    }

    void binary(int... bytes) {
        var frame = ByteBuffer.allocate(bytes.length);
        for (int b : bytes) {
            frame.put((byte) b);
        }
        socket().sendBinary(frame.flip(), true).join();
    }

    void control(String record) {
        socket().sendBinary(ByteBuffer.wrap(("\0" + record).getBytes(StandardCharsets.UTF_8)), true)
                .join();
    }

    void close(int code) {
        socket().sendClose(code, "").join();
    }

    void abort() {
        socket().abort();
    }

    /** The next frame, or {@code null} if none but heartbeats comes for that long. */
    @Nullable
    Object poll(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            var frame = frames.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (!ControlFrame.heartbeat().equals(frame)) {
                return frame;
            }
        }
    }

    Object next() throws InterruptedException {
        var frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(frame, "nothing came");
        return frame;
    }

    /** The next frame but for heartbeats, which must be a control record of that kind. */
    StreamRecord nextControl(String event) throws InterruptedException {
        var frame = poll(Duration.ofSeconds(PATIENCE_SECONDS));
        var data = assertInstanceOf(ByteBuffer.class, frame);
        var control =
                assertInstanceOf(ControlFrame.Control.class, ControlFrame.read(new Message.Binary(data.duplicate())));
        assertEquals(event, control.content().event());
        return control.content();
    }

    /** The next frame of that class; others are skipped. */
    <T> T nextOfKind(Class<T> kind) throws InterruptedException {
        var frame = next();
        while (!kind.isInstance(frame)) {
            frame = next();
        }
        return kind.cast(frame);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            frames.add(text.toString());
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        binary = ByteBuffer.allocate(binary.remaining() + data.remaining())
                .put(binary)
                .put(data)
                .flip();
        if (last) {
            frames.add(binary);
            binary = ByteBuffer.allocate(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        frames.add(new Closed(statusCode, reason));
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        frames.add(new Closed(1006, String.valueOf(error.getMessage())));
    }
}
