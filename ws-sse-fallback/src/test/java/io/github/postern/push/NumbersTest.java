package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md §1: decimal, without sign or leading zeros, at most 2^53 − 1. */
class NumbersTest {
    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "10,10", "9007199254740990,9007199254740990", "9007199254740991,9007199254740991"})
    void reads_numbers(String digits, long number) {
        assertEquals(number, Numbers.parse(digits));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {"9007199254740992", "99999999999999999999", "-1", "+1", "01", "00", "1 ", " 1", "1a", "0x1", "١"
            })
    void refuses_everything_else(@Nullable String digits) {
        assertEquals(Numbers.MALFORMED, Numbers.parse(digits));
    }
}
