package io.github.postern.benchmarks;

import static java.util.Objects.requireNonNull;

import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Role;
import java.nio.ByteBuffer;

/** Ours: whole messages, in arrays of their own. */
final class PosternDecoder implements Decoder {
    private final Inbound inbound = new Inbound(Role.SERVER, Limits.defaults());
    private ByteBuffer input = ByteBuffer.allocate(0);

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
        return switch ((Event) decoded) {
            case Event.Binary binary -> binary.data();
            case Event.Ping ping -> ping.payload();
            case Event.Text text -> throw unexpected(text);
            case Event.Pong pong -> throw unexpected(pong);
            case Event.Closed closed -> throw unexpected(closed);
            case Event.Failed failed -> throw unexpected(failed);
        };
    }

    private static IllegalStateException unexpected(Event event) {
        return new IllegalStateException("decoded to " + event);
    }
}
