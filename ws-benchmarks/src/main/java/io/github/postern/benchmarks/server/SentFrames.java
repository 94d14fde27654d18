package io.github.postern.benchmarks.server;

import java.nio.ByteBuffer;

/** As many frames of one message in a row as are sent at once: what a connection sends is this over and over. */
record SentFrames(ByteBuffer frames, int frameLength) {
    static SentFrames of(ClientMessage message, int count) {
        var frames = ByteBuffer.allocateDirect(count * message.frame().length);
        for (int i = 0; i < count; i++) {
            frames.put(message.frame());
        }
        return new SentFrames(frames, message.frame().length);
    }

    /** The next bytes, at most as many as wanted, from an offset in a frame on. The buffer is always the same. */
    ByteBuffer from(int offset, long wanted) {
        frames.limit((int) Math.min(frames.capacity(), offset + wanted)).position(offset);
        return frames;
    }
}
