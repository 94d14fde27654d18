package io.github.postern.benchmarks;

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
 * From the bytes of one masked frame to its message, as a server. Each implementation and size has processes of its
 * own, in which nothing else has been compiled, and its first message is checked.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class DecodeBenchmark {
    /** A payload that belongs to the application, or a view of one. */
    @Benchmark
    public Object binary(BinaryFrame frame) throws Exception {
        return frame.decoder.decode();
    }

    /** A String. The frame is put back before each, since some unmask where it lies: a copy, the same for all. */
    @Benchmark
    public Object text(TextFrame frame) throws Exception {
        frame.decoder.load(frame.bytes);
        return frame.decoder.text();
    }

    /** Unmasked where it lies, the frame is masked again by the next call: it is loaded once. */
    @State(Scope.Thread)
    public static class BinaryFrame {
        @Param({"floor", "postern", "postern-parts", "netty", "jetty", "jetty-heap", "tomcat", "java-websocket"})
        String implementation = "";

        @Param({"16", "64", "125", "1024", "65536", "1048576"})
        int size;

        @SuppressWarnings("NullAway.Init") // by prepare()
        Decoder decoder;

        @Setup
        public void prepare() throws Exception {
            var payload = Payloads.binary(size);
            decoder = Decoders.named(implementation, size);
            decoder.load(Frames.masked(Frames.BINARY, payload));
            Check.same(payload, decoder.payload(decoder.decode()));
        }
    }

    @State(Scope.Thread)
    public static class TextFrame {
        @Param({"floor", "postern", "postern-parts", "netty", "jetty", "jetty-heap", "tomcat", "java-websocket"})
        String implementation = "";

        @Param({"16", "64", "125", "1024", "65536", "1048576"})
        int size;

        /** Another one is {@code beyond}. */
        @Param("ascii")
        String alphabet = "";

        @SuppressWarnings("NullAway.Init") // by prepare()
        Decoder decoder;

        byte[] bytes = {};

        @Setup
        public void prepare() throws Exception {
            var payload = Payloads.text(size, alphabet);
            bytes = Frames.masked(Frames.TEXT, payload);
            decoder = Decoders.named(implementation, size);
            decoder.load(bytes);
            Check.sameText(payload, decoder, decoder.text());
        }
    }
}
