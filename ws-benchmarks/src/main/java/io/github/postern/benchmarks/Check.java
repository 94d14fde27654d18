package io.github.postern.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Role;
import java.nio.ByteBuffer;

/** That an implementation has done what is measured: a wrong answer may be quick. */
final class Check {
    private Check() {}

    static void same(byte[] expected, ByteBuffer actual) {
        if (!ByteBuffer.wrap(expected).equals(actual)) {
            throw new IllegalStateException("another payload: " + actual);
        }
    }

    /** @param text what the decoder gave: a String, or the floor's bytes */
    static void sameText(byte[] expected, Decoder decoder, Object text) {
        same(expected, text instanceof String string ? UTF_8.encode(string) : decoder.payload(text));
    }

    /** That the frame, or frames, are a message with that payload, for an endpoint of that role. */
    static void isMessage(byte[] expected, Role receiver, ByteBuffer frames) {
        var event = new Inbound(receiver, Limits.defaults()).next(frames);
        switch (event) {
            case Event.Binary binary -> same(expected, binary.data());
            case Event.Text text -> same(expected, UTF_8.encode(text.text()));
            case null, default -> throw new IllegalStateException("no message: " + event);
        }
    }
}
