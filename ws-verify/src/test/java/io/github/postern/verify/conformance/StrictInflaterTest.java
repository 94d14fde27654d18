package io.github.postern.verify.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictInflaterTest {
    private static final byte[] HELLO = Frame.utf8("Hello");
    private static final byte[] COMPRESSED_HELLO = Hex.bytes("f2 48 cd c9 c9 07 00");

    private static StrictInflater inflater(int windowBits) {
        return new StrictInflater(windowBits, true);
    }

    private static String refusal(StrictInflater inflater, byte[] compressed) {
        var finding = assertThrows(Finding.class, () -> inflater.inflate(compressed));
        return assertInstanceOf(Verdict.Failed.class, finding.verdict()).observed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f2 48 cd c9 c9 07 00",
                "00 05 00 fa ff 48 65 6c 6c 6f 00",
                "f3 48 cd c9 c9 07 00 00",
                "f2 48 05 00 00 00 ff ff ca c9 c9 07 00"
            })
    void the_examples_of_rfc_7692_are_read(String hex) throws Finding {
        assertArrayEquals(HELLO, inflater(15).inflate(Hex.bytes(hex)));
    }

    @Test
    void a_message_may_refer_to_the_one_before() throws Finding {
        var inflater = inflater(8);
        assertArrayEquals(HELLO, inflater.inflate(COMPRESSED_HELLO));
        assertArrayEquals(HELLO, inflater.inflate(Hex.bytes("f2 00 11 00 00")));
        assertEquals(5, inflater.longestDistance());
    }

    @Test
    void without_context_a_reference_to_the_message_before_is_refused() throws Finding {
        var inflater = new StrictInflater(15, false);
        assertArrayEquals(HELLO, inflater.inflate(COMPRESSED_HELLO));
        assertEquals("one of 5 after 1", refusal(inflater, Hex.bytes("f2 00 11 00 00")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 5000, 200_000})
    void what_the_jdk_compresses_is_read(int size) throws Finding {
        var compressor = new Compressor(15, true);
        var inflater = inflater(15);
        for (int i = 0; i < 4; i++) {
            var words = Frame.utf8(DeflateCases.words(size, i)); // which makes dynamic blocks
            assertArrayEquals(words, inflater.inflate(compressor.compress(words)));
            var noise = FramingCases.binary(size); // which makes stored ones
            assertArrayEquals(noise, inflater.inflate(compressor.compress(noise)));
        }
    }

    @Test
    void a_reference_beyond_the_window_is_refused() throws Finding {
        var half = FramingCases.binary(1000);
        var twice = Arrays.copyOf(half, 2000);
        System.arraycopy(half, 0, twice, 1000, 1000);
        var compressed = new Compressor(15, true).compress(twice);
        assertArrayEquals(twice, inflater(10).inflate(compressed));
        assertEquals("one of 1000", refusal(inflater(9), compressed));
    }

    @Test
    void a_compressor_of_a_small_window_does_not_refer_back() throws Finding {
        var inflater = inflater(8);
        var compressor = new Compressor(8, true);
        var message = new byte[3000];
        assertArrayEquals(message, inflater.inflate(compressor.compress(message)));
        assertEquals(0, inflater.longestDistance());
    }

    @Test
    void a_tail_that_was_not_removed_is_refused() {
        assertEquals("its end within a block", refusal(inflater(15), Hex.bytes("f2 48 cd c9 c9 07 00 00 00 ff ff")));
    }

    @Test
    void a_message_that_ends_in_a_block_is_refused() {
        refusal(inflater(15), Hex.bytes("f2 48 cd"));
        refusal(inflater(15), new byte[0]);
    }

    @Test
    void what_is_no_deflate_is_refused() {
        assertEquals("the reserved block type 3", refusal(inflater(15), Hex.bytes("07 00")));
        assertTrue(refusal(inflater(15), Hex.bytes("00 05 00 00 00 48 65 6c 6c 6f 00"))
                .startsWith("length"));
    }
}
