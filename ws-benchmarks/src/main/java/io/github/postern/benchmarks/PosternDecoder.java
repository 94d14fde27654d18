package io.github.postern.benchmarks;

import static java.util.Objects.requireNonNull;

import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import java.nio.ByteBuffer;

/** Ours: whole messages in arrays of their own, or in parts that lie in the input. */
final class PosternDecoder implements Decoder {
    private final Inbound inbound;
    private final boolean parts;
    private ByteBuffer input = ByteBuffer.allocate(0);

    PosternDecoder(Inbound inbound, boolean parts) {
        this.inbound = inbound;
        this.parts = parts;
    }

    @Override
    public void load(byte[] frame) {
        if (input.capacity() < frame.length) {
            input = ByteBuffer.allocate(frame.length);
        }
        input.clear().put(frame).flip();
    }

    @Override
    public Object decode() {
        input.rewind();
        return requireNonNull(parts ? inbound.nextPart(input) : inbound.next(input));
    }

    @Override
    public Object text() {
        return parts ? ((Event.TextPart) decode()).text() : ((Event.Text) decode()).text();
    }

    @Override
    public ByteBuffer payload(Object decoded) {
        if (decoded instanceof Event.Binary binary) {
            return binary.data();
        }
        if (decoded instanceof Event.BinaryPart part && part.last()) {
            return part.data();
        }
        if (decoded instanceof Event.Ping ping) {
            return ping.payload();
        }
        throw new IllegalStateException("decoded to " + decoded);
    }
}
