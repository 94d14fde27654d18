package io.github.postern.ws.connection.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class MemoryTransportTest {
    private final MemoryTransport.Pair ends = MemoryTransport.pair(16);

    @Test
    void a_writer_that_waits_is_waited_for() throws Exception {
        var writing = new FutureTask<>(() -> {
            ends.one().write(ByteBuffer.allocate(17));
            return true;
        });
        Thread.ofVirtual().start(writing);
        ends.one().awaitWriter();
        ends.other().read(ByteBuffer.allocate(17), 0);
        writing.get();
    }

    static Stream<Consumer<MemoryTransport.Pair>> ends() {
        return Stream.of(
                pair -> pair.one().close(),
                pair -> pair.other().close(),
                pair -> pair.one().shutdownOutput());
    }

    @ParameterizedTest
    @MethodSource("ends")
    void a_writer_that_can_never_be_is_not_waited_for(Consumer<MemoryTransport.Pair> end) throws Exception {
        var waiting = new FutureTask<>(() -> assertThrows(IllegalStateException.class, ends.one()::awaitWriter));
        Thread.ofVirtual().start(waiting);
        end.accept(ends);
        waiting.get();
        assertThrows(IllegalStateException.class, ends.one()::awaitWriter);
    }

    @Test
    void a_reader_that_can_never_be_is_not_waited_for() {
        ends.one().close();
        assertThrows(IllegalStateException.class, ends.one()::awaitReader);
    }
}
