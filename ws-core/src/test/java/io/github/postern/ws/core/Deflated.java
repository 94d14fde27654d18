package io.github.postern.ws.core;

import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** Compressed frames, made with zlib alone, and what both ends agreed on. */
final class Deflated {
    static final PerMessageDeflate TAKEOVER = new PerMessageDeflate(false, false, 15, 15);
    static final PerMessageDeflate NO_TAKEOVER = PerMessageDeflate.defaults();

    private Deflated() {}

    static List<Extension> extensions(PerMessageDeflate agreed) {
        return agreed
                .accept(Extension.of(PerMessageDeflate.NAME, Extension.Parameter.of("client_max_window_bits")))
                .stream()
                .toList();
    }

    /** The payload of a compressed message (RFC 7692 §7.2.1). */
    static byte[] payload(byte[] message) {
        var deflater = new Deflater(9, true);
        try {
            return payload(deflater, message);
        } finally {
            deflater.end();
        }
    }

    /** The payload of a compressed message, by a compressor that may remember earlier ones. */
    static byte[] payload(Deflater deflater, byte[] message) {
        deflater.setInput(message);
        var payload = new ByteArrayOutputStream();
        var buffer = new byte[1000];
        for (var length = buffer.length; length == buffer.length; ) {
            length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            payload.write(buffer, 0, length);
        }
        var bytes = payload.toByteArray();
        return Arrays.copyOf(bytes, bytes.length - 4);
    }

    /** What is put into a buffer large enough for any frame of these tests. */
    static byte[] encoded(Outbound outbound) {
        var target = ByteBuffer.allocate(1 << 22);
        if (!outbound.encode(target)) {
            throw new AssertionError("the frame does not fit");
        }
        return Arrays.copyOf(target.array(), target.position());
    }
}
