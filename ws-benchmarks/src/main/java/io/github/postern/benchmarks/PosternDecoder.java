package io.github.postern.benchmarks;

import static java.util.Objects.requireNonNull;

import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import java.nio.ByteBuffer;

/** Ours: whole messages, in arrays of their own. */
final class PosternDecoder implements Decoder {
    private final Inbound inbound;
    private ByteBuffer input = ByteBuffer.allocate(0);

    PosternDecoder(Inbound inbound) {
        this.inbound = inbound;
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
        return requireNonNull(inbound.next(input.rewind()));
    }

    @Override
    public Object text() {
        return ((Event.Text) decode()).text();
    }

    @Override
    public ByteBuffer payload(Object decoded) {
        if (decoded instanceof Event.Binary binary) {
            return binary.data();
        }
        if (decoded instanceof Event.Ping ping) {
            return ping.payload();
        }
        throw new IllegalStateException("decoded to " + decoded);
    }
}
