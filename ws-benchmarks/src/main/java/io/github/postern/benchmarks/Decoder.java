package io.github.postern.benchmarks;

import java.nio.ByteBuffer;

/** One implementation's way from the bytes of a masked frame to what its application receives, as a server. */
interface Decoder {
    /** Puts a frame into the kind of buffer this implementation reads from; what was loaded before is forgotten. */
    void load(byte[] frame);

    /**
     * The frame loaded last, as this implementation hands it to its application: the payload unmasked, in a buffer. It
     * is valid until the next call.
     */
    Object decode() throws Exception;

    /** The same for a text frame: a String, checked to be UTF-8. The floor has none and gives what {@link #decode} does. */
    Object text() throws Exception;

    /** The payload in what {@link #decode} gave. */
    ByteBuffer payload(Object decoded);
}
