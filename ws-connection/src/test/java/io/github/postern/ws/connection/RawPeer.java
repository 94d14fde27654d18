package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.postern.ws.connection.testkit.MemoryTransport;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Outbound;
import io.github.postern.ws.core.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The other end of a connection under test, frame by frame: it does nothing by itself, neither good nor bad. */
final class RawPeer {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

    private final MemoryTransport transport;
    private final Inbound inbound;
    private final Outbound outbound;
    private final ByteBuffer input = ByteBuffer.allocate(4096).limit(0);

    RawPeer(MemoryTransport transport, Role role) {
        this.transport = transport;
        this.inbound = new Inbound(role, new Limits(1 << 26, 1 << 26, 1 << 20, 200));
        this.outbound = new Outbound(role, () -> 0x12345678);
    }

    /** Writes frames in one piece. */
    @SafeVarargs
    final void send(Consumer<Outbound>... frames) throws IOException {
        var bytes = ByteBuffer.allocate(1 << 20);
        for (var frame : frames) {
            frame.accept(outbound);
            assertEquals(true, outbound.encode(bytes));
        }
        transport.write(bytes.flip());
    }

    void sendHex(String hex) throws IOException {
        transport.write(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    /** The next event, or null at the end of the stream. */
    @Nullable
    Event next() throws IOException {
        while (true) {
            var event = inbound.next(input);
            if (event != null) {
                return event;
            }
            input.clear();
            int read = transport.read(input, PATIENCE_NANOS);
            input.flip();
            if (read == 0) {
                throw new IOException("nothing came");
            }
            if (read < 0) {
                return null;
            }
        }
    }

    /** Expects that these bytes come next. */
    void expectHex(String hex) throws IOException {
        var expected = hex.replace(" ", "");
        var bytes = ByteBuffer.allocate(expected.length() / 2);
        while (bytes.hasRemaining()) {
            if (transport.read(bytes, PATIENCE_NANOS) <= 0) {
                throw new IOException(
                        "nothing came after " + HexFormat.of().formatHex(bytes.array(), 0, bytes.position()));
            }
        }
        assertEquals(expected, HexFormat.of().formatHex(bytes.array()));
    }

    void expectText(String text) throws IOException {
        assertEquals(new Event.Text(text), next());
    }

    void expectClose(CloseStatus status) throws IOException {
        assertEquals(new Event.Closed(status), next());
    }

    void expectCloseCode(int code) throws IOException {
        assertEquals(
                code, next() instanceof Event.Closed closed ? closed.status().code() : -1);
    }

    void expectEnd() throws IOException {
        input.clear();
        assertEquals(-1, transport.read(input, PATIENCE_NANOS));
    }

    void shutdownOutput() {
        transport.shutdownOutput();
    }

    MemoryTransport transport() {
        return transport;
    }
}
