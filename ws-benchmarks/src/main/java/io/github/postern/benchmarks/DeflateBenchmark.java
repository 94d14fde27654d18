package io.github.postern.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A server's permessage-deflate (RFC 7692), level 6: from a text of 1 KiB of JSON to its compressed frame, and from a
 * client's compressed frame to the String. All texts of one round differ, so that context takeover finds likeness and
 * not the same again.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class DeflateBenchmark {
    @Benchmark
    public Object compress(Compressor compressor) throws Exception {
        return compressor.encoder.text(compressor.texts.get(compressor.next()));
    }

    @Benchmark
    public Object decompress(Decompressor decompressor) throws Exception {
        decompressor.decoder.load(decompressor.frames.get(decompressor.next()));
        return decompressor.decoder.text();
    }

    @State(Scope.Thread)
    public abstract static class Connection {
        @Param({"floor", "postern", "netty", "jetty", "tomcat", "java-websocket"})
        String implementation = "";

        @Param({"false", "true"})
        boolean contextTakeover;

        final List<String> texts = DeflatedFrames.texts();
        private int last = -1;

        final int next() {
            last = last + 1 == texts.size() ? 0 : last + 1;
            return last;
        }
    }

    @State(Scope.Thread)
    public static class Compressor extends Connection {
        @SuppressWarnings("NullAway.Init") // by prepare()
        Encoder encoder;

        /** Zlib itself reads the first round of compressed messages. */
        @Setup
        public void prepare() throws Exception {
            encoder = Encoders.deflating(implementation, contextTakeover);
            try (var deflation = new Deflation(contextTakeover)) {
                for (var text : texts) {
                    var compressed = payload(encoder.bytes(encoder.text(text)));
                    var size = deflation.decompress(compressed, 0, compressed.length);
                    Check.same(text.getBytes(UTF_8), ByteBuffer.wrap(deflation.output(), 0, size));
                }
            }
        }

        /** Of an unmasked frame of 126 to 65,535 bytes; the floor writes no header. */
        private byte[] payload(ByteBuffer encoded) {
            if (!implementation.equals("floor")) {
                var header = encoded.getInt();
                if (header >>> 16 != ((Frames.TEXT | Frames.RSV1) << 8 | 126)
                        || (header & 0xFFFF) != encoded.remaining()) {
                    throw new IllegalStateException("not one compressed frame: 0x" + Integer.toHexString(header));
                }
            }
            var payload = new byte[encoded.remaining()];
            encoded.get(payload);
            return payload;
        }
    }

    @State(Scope.Thread)
    public static class Decompressor extends Connection {
        @SuppressWarnings("NullAway.Init") // by prepare()
        Decoder decoder;

        List<byte[]> frames = List.of();

        @Setup
        public void prepare() throws Exception {
            decoder = Decoders.inflating(implementation, contextTakeover);
            frames = DeflatedFrames.frames(texts, contextTakeover);
            for (int i = 0; i < frames.size(); i++) {
                decoder.load(frames.get(i));
                Check.sameText(texts.get(i).getBytes(UTF_8), decoder, decoder.text());
            }
        }
    }
}
