package io.github.postern.benchmarks;

import java.nio.ByteBuffer;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Role;

/** Java-WebSocket, which allocates each frame, and masks with a random key. */
final class JavaWebSocketEncoder implements Encoder {
    private final Draft_6455 draft;
    private final boolean client;

    JavaWebSocketEncoder(Draft_6455 draft) {
        this.draft = draft;
        this.client = draft.getRole() == Role.CLIENT;
    }

    @Override
    public Object binary(ByteBuffer payload) {
        return draft.createBinaryFrame(draft.createFrames(payload, client).getFirst());
    }

    @Override
    public Object text(String text) {
        return draft.createBinaryFrame(draft.createFrames(text, client).getFirst());
    }

    @Override
    public ByteBuffer bytes(Object encoded) {
        return (ByteBuffer) encoded;
    }
}
