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

/** A masked Ping of 8 bytes decoded. Tomcat is not among these, for it does not decode one without answering it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class ControlBenchmark {
    private static final int SIZE = 8;

    @Param({"floor", "postern", "netty", "jetty", "jetty-heap", "java-websocket"})
    String implementation = "";

    @SuppressWarnings("NullAway.Init") // by prepare()
    Decoder decoder;

    @Setup
    public void prepare() throws Exception {
        var payload = Payloads.binary(SIZE);
        decoder = Decoders.named(implementation, SIZE);
        decoder.load(Frames.masked(Frames.PING, payload));
        Check.same(payload, decoder.payload(decoder.decode()));
    }

    @Benchmark
    public Object ping() throws Exception {
        return decoder.decode();
    }
}
