package io.github.postern.benchmarks;

import io.github.postern.ws.core.Event;
import io.github.postern.ws.core.Inbound;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.Outbound;
import io.github.postern.ws.core.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/** What one frame costs, without any network: from its bytes to its message, and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FrameBenchmark {
    private static final int MASKING_KEY = 0x08f6efb1;
    private static final int LONGEST_HEADER = 14;

    @Param({"64", "1024", "65536"})
    int size;

    private final Inbound inbound = new Inbound(Role.SERVER, Limits.defaults());
    private final Outbound server = new Outbound(Role.SERVER, () -> MASKING_KEY);
    private final Outbound client = new Outbound(Role.CLIENT, () -> MASKING_KEY);

    private ByteBuffer payload = ByteBuffer.allocate(0);
    private String text = "";
    private ByteBuffer output = ByteBuffer.allocate(0);
    private ByteBuffer binaryFrame = ByteBuffer.allocate(0);
    private byte[] textFrame = {};
    private byte[] input = {};

    @Setup
    public void prepare() {
        var random = new Random(1);
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) random.nextInt(' ', '~');
        }
        payload = ByteBuffer.wrap(bytes);
        text = new String(bytes, StandardCharsets.US_ASCII);
        output = ByteBuffer.allocate(size + LONGEST_HEADER);

        client.binary(payload.duplicate());
        encoded(client);
        binaryFrame = ByteBuffer.allocate(output.remaining()).put(output).flip();
        client.text(text);
        encoded(client);
        textFrame = new byte[output.remaining()];
        output.get(textFrame);
        input = new byte[textFrame.length];

        if (!(decodeText() instanceof Event.Text received && received.text().equals(text))) {
            throw new IllegalStateException("the frame does not decode to its message");
        }
    }

    /** A masked frame to a binary message. Unmasking twice in place gives the frame back, so it need not be restored. */
    @Benchmark
    public @Nullable Event decodeBinary() {
        return inbound.next(binaryFrame.rewind());
    }

    /** A masked frame to a text message; includes the copy that restores the frame. */
    @Benchmark
    public @Nullable Event decodeText() {
        System.arraycopy(textFrame, 0, input, 0, input.length);
        return inbound.next(ByteBuffer.wrap(input));
    }

    @Benchmark
    public ByteBuffer encodeBinaryUnmasked() {
        server.binary(payload.rewind());
        return encoded(server);
    }

    @Benchmark
    public ByteBuffer encodeBinaryMasked() {
        client.binary(payload.rewind());
        return encoded(client);
    }

    @Benchmark
    public ByteBuffer encodeTextUnmasked() {
        server.text(text);
        return encoded(server);
    }

    private ByteBuffer encoded(Outbound outbound) {
        if (!outbound.encode(output.clear())) {
            throw new IllegalStateException("the frame does not fit");
        }
        return output.flip();
    }
}
