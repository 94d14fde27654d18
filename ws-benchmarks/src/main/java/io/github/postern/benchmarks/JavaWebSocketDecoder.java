package io.github.postern.benchmarks;

import java.nio.ByteBuffer;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.Framedata;
import org.java_websocket.util.Charsetfunctions;

/** Java-WebSocket, which copies the payload and validates text on its own before a decoder makes the String. */
final class JavaWebSocketDecoder implements Decoder {
    private final Draft_6455 draft;
    private ByteBuffer input = ByteBuffer.allocate(0);

    JavaWebSocketDecoder(Draft_6455 draft) {
        this.draft = draft;
    }

    @Override
    public void load(byte[] frame) {
        if (input.capacity() < frame.length) {
            input = ByteBuffer.allocate(frame.length);
        }
        input.clear().put(frame).flip();
    }

    @Override
    public Object decode() throws InvalidDataException {
        return draft.translateFrame(input.rewind()).getFirst();
    }

    @Override
    public Object text() throws InvalidDataException {
        return Charsetfunctions.stringUtf8(payload(decode()));
    }

    @Override
    public ByteBuffer payload(Object decoded) {
        return ((Framedata) decoded).getPayloadData();
    }
}
