package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressors that connections share. */
class SharedDeflatePoolTest {
    @ParameterizedTest(name = "at most {0}")
    @ValueSource(ints = {0, 1, 2, 50})
    void lends_as_many_compressors_as_it_may_and_no_more(int most) {
        var pool = new SharedDeflatePool(6, most);
        var lent = IntStream.range(0, most)
                .mapToObj(i -> Objects.requireNonNull(pool.borrowDeflater()))
                .toList();
        assertEquals(most, pool.lentDeflaters());
        assertNull(pool.borrowDeflater());
        assertEquals(most, pool.lentDeflaters());
        lent.forEach(pool::giveBack);
        assertEquals(0, pool.lentDeflaters());
        for (int i = 0; i < most; i++) {
            assertNotNull(pool.borrowDeflater());
        }
        assertNull(pool.borrowDeflater());
    }

    @Test
    void lends_what_was_given_back_in_its_first_state() throws Exception {
        var pool = new SharedDeflatePool(-1, 1);
        var deflater = Objects.requireNonNull(pool.borrowDeflater());
        var first = compress(deflater);
        pool.giveBack(deflater);
        assertSame(deflater, pool.borrowDeflater());
        assertEquals(first, compress(deflater));

        var inflater = pool.borrowInflater();
        inflater.setInput(new byte[] {3, 0}); // an empty last block
        assertEquals(0, inflater.inflate(new byte[10]));
        assertEquals(true, inflater.finished());
        pool.giveBack(inflater);
        assertSame(inflater, pool.borrowInflater());
        assertEquals(false, inflater.finished());
    }

    private static int compress(Deflater deflater) {
        deflater.setInput("some text, some text".getBytes(StandardCharsets.UTF_8));
        return deflater.deflate(new byte[100], 0, 100, Deflater.SYNC_FLUSH);
    }

    @Test
    void lends_decompressors_without_a_limit_and_ends_those_that_it_does_not_keep() {
        var pool = new SharedDeflatePool(-1, 0);
        var lent = IntStream.range(0, 100).mapToObj(i -> pool.borrowInflater()).toList();
        assertEquals(100, pool.lentInflaters());
        lent.forEach(pool::giveBack);
        assertEquals(0, pool.lentInflaters());
        var ended = lent.stream().filter(SharedDeflatePoolTest::hasEnded).count();
        assertEquals(true, ended >= 84 && ended < 100, "ended: " + ended);
    }

    private static boolean hasEnded(Inflater inflater) {
        try {
            inflater.getTotalIn();
            return false;
        } catch (NullPointerException | IllegalStateException e) { // the one on JDK 21, the other on 25
            return true;
        }
    }

    @Test
    void refuses_numbers_out_of_range() {
        assertEquals(
                "maxDeflaters below 0: -1",
                assertThrows(IllegalArgumentException.class, () -> new SharedDeflatePool(6, -1))
                        .getMessage());
        assertEquals(
                "level outside -1 to 9: 10",
                assertThrows(IllegalArgumentException.class, () -> new SharedDeflatePool(10, 1))
                        .getMessage());
    }
}
