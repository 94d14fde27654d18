package io.github.postern.benchmarks;

import java.nio.ByteBuffer;

/** One implementation's way from a message to the bytes of one frame, or what it makes of it, ready for the socket. */
interface Encoder {
    /** A binary message; the payload is consumed. The result is valid until the next call. */
    Object binary(ByteBuffer payload) throws Exception;

    /** A text message. The result is valid until the next call. */
    Object text(String text) throws Exception;

    /** The bytes in what the other two gave, in one piece. */
    ByteBuffer bytes(Object encoded);
}
