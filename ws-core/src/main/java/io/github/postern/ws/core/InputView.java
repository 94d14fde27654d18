package io.github.postern.ws.core;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Shows parts of messages where they lie in the input, with one object for as long as that is the same. */
final class InputView {
    private @Nullable ByteBuffer input;
    private @Nullable ByteBuffer view;

    /** The next {@code length} bytes of the frame's payload, unmasked; valid until the next one is asked for. */
    ByteBuffer take(FrameDecoder frame, ByteBuffer from, int length) {
        var current = view;
        if (current == null || input != from) {
            current = from.duplicate();
            input = from;
            view = current;
        }
        var position = from.position();
        frame.readInPlace(from, length);
        return current.limit(position + length).position(position);
    }

    /** Lets go of the input: a connection that waits for more must not hold on to what is lent to it. */
    void clear() {
        input = null;
        view = null;
    }
}
