package io.github.postern.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.postern.ws.core.Role;
import java.nio.ByteBuffer;
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
 * From one message to the bytes of its frame, masked as a client sends it and unmasked as a server does. Each
 * implementation and size has processes of its own, in which nothing else has been compiled, and its first message is
 * checked.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class EncodeBenchmark {
    @Benchmark
    public Object binary(Binary message) throws Exception {
        return message.encoder.binary(message.payload.rewind());
    }

    @Benchmark
    public Object text(Text message) throws Exception {
        return message.encoder.text(message.text);
    }

    /** Whoever sends, and to whom. */
    @State(Scope.Thread)
    public abstract static class Sender {
        @Param({"floor", "postern", "netty", "jetty", "tomcat", "java-websocket"})
        String implementation = "";

        @Param({"server", "client"})
        String role = "";

        @Param({"16", "64", "125", "1024", "65536", "1048576"})
        int size;

        @SuppressWarnings("NullAway.Init") // by open()
        Encoder encoder;

        final void open() throws Exception {
            encoder = Encoders.named(implementation, role.equals("client"), size);
        }

        /** That the encoder's first result carries the payload. */
        final void check(byte[] payload, Object encoded) {
            if (!implementation.equals("floor")) {
                Check.isMessage(payload, role.equals("client") ? Role.SERVER : Role.CLIENT, encoder.bytes(encoded));
            }
        }
    }

    @State(Scope.Thread)
    public static class Binary extends Sender {
        ByteBuffer payload = ByteBuffer.allocate(0);

        @Setup
        public void prepare() throws Exception {
            var bytes = Payloads.binary(size);
            payload = ByteBuffer.wrap(bytes);
            open();
            check(bytes, encoder.binary(payload));
        }
    }

    @State(Scope.Thread)
    public static class Text extends Sender {
        /** Another one is {@code beyond}. */
        @Param("ascii")
        String alphabet = "";

        String text = "";

        @Setup
        public void prepare() throws Exception {
            var bytes = Payloads.text(size, alphabet);
            text = new String(bytes, UTF_8);
            open();
            check(bytes, encoder.text(text));
        }
    }
}
