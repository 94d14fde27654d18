package io.github.postern.benchmarks;

import jakarta.websocket.MessageHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.tomcat.websocket.Transformation;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's parser with a session around it, which delivers to message handlers: binary as a copy, text as a String. It
 * reads from a buffer of its own of 8 KiB, so that the frame is copied into that, piece by piece, as if from a socket.
 */
final class TomcatDecoder implements Decoder {
    private final TomcatInput input;
    private byte[] frame = {};
    private Object received = "";

    TomcatDecoder(int maxSize, @Nullable Transformation transformation) throws Exception {
        var session = TomcatSession.of(new TomcatRemote(false, ByteBuffer.allocate(0)), maxSize);
        MessageHandler.Whole<String> texts = text -> received = text;
        MessageHandler.Whole<ByteBuffer> binaries = data -> received = data;
        session.addMessageHandler(String.class, texts);
        session.addMessageHandler(ByteBuffer.class, binaries);
        input = new TomcatInput(session, transformation);
    }

    @Override
    public void load(byte[] frame) {
        this.frame = frame;
    }

    @Override
    public Object decode() throws IOException {
        input.receive(frame);
        return received;
    }

    @Override
    public Object text() throws IOException {
        return decode();
    }

    @Override
    public ByteBuffer payload(Object decoded) {
        return (ByteBuffer) decoded;
    }
}
