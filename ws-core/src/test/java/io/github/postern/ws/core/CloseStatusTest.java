package io.github.postern.ws.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §7.4, and the codes that IANA registered later. */
class CloseStatusTest {
    @ParameterizedTest(name = "{0} to {1}: {2}")
    @CsvSource({
        "0, 999, false",
        "1000, 1003, true",
        "1004, 1006, false",
        "1007, 1014, true",
        "1015, 2999, false",
        "3000, 4999, true",
        "5000, 65535, false"
    })
    void knows_which_codes_may_travel(int from, int to, boolean sendable) {
        for (var code = from; code <= to; code++) {
            assertEquals(sendable, CloseStatus.isSendable(code), "code " + code);
        }
    }

    @Test
    void the_codes_that_only_describe_an_end_may_not_travel() {
        for (var status : List.of(CloseStatus.NO_STATUS, CloseStatus.ABNORMAL, CloseStatus.TLS_HANDSHAKE)) {
            assertFalse(status.isSendable(), status::toString);
        }
        assertTrue(CloseStatus.NORMAL.isSendable());
    }

    @Test
    void the_names_stand_for_the_codes_of_the_registry() {
        var named = List.of(
                CloseStatus.NORMAL,
                CloseStatus.GOING_AWAY,
                CloseStatus.PROTOCOL_ERROR,
                CloseStatus.UNSUPPORTED_DATA,
                CloseStatus.of(1004),
                CloseStatus.NO_STATUS,
                CloseStatus.ABNORMAL,
                CloseStatus.INVALID_PAYLOAD,
                CloseStatus.POLICY_VIOLATION,
                CloseStatus.MESSAGE_TOO_BIG,
                CloseStatus.MANDATORY_EXTENSION,
                CloseStatus.INTERNAL_ERROR,
                CloseStatus.SERVICE_RESTART,
                CloseStatus.TRY_AGAIN_LATER,
                CloseStatus.BAD_GATEWAY,
                CloseStatus.TLS_HANDSHAKE);
        for (var i = 0; i < named.size(); i++) {
            assertEquals(CloseStatus.of(1000 + i), named.get(i));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 999, 5000, 65536 + 1000})
    void rejects_codes_that_mean_nothing(int code) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> CloseStatus.of(code));
        assertEquals("close code outside 1000 to 4999: " + code, thrown.getMessage());
    }

    @Test
    void accepts_the_first_and_the_last_code() {
        assertEquals(1000, CloseStatus.of(1000).code());
        assertEquals(4999, CloseStatus.of(4999).code());
    }

    @Test
    void a_reason_has_up_to_123_bytes() {
        assertEquals("a".repeat(122), CloseStatus.of(1000, "a".repeat(122)).reason());
        assertEquals("a".repeat(123), CloseStatus.of(1000, "a".repeat(123)).reason());
        var thrown = assertThrows(IllegalArgumentException.class, () -> CloseStatus.of(1000, "a".repeat(124)));
        assertEquals("close reason longer than 123 bytes: 124", thrown.getMessage());
    }

    @Test
    void a_reason_is_measured_in_bytes_and_not_in_characters() {
        assertEquals(41, CloseStatus.of(1000, "宝".repeat(41)).reason().length());
        assertThrows(IllegalArgumentException.class, () -> CloseStatus.of(1000, "宝".repeat(41) + "a"));
    }

    @Test
    void a_reason_holds_no_unpaired_surrogate() {
        assertThrows(IllegalArgumentException.class, () -> CloseStatus.of(1000, "\ud800"));
    }

    @Test
    void is_written_as_code_and_reason() {
        assertEquals("1000", CloseStatus.NORMAL.toString());
        assertEquals("3000 \"grüße 😀\"", CloseStatus.of(3000, "grüße 😀").toString());
    }

    @Test
    void a_reason_cannot_forge_a_line_of_a_log() {
        var status = CloseStatus.of(3000, "a\r\nb\u001b[31m\u0000\u007f\u0085\u2028\u2029");
        assertEquals("3000 \"a\\u000d\\u000ab\\u001b[31m\\u0000\\u007f\\u0085\\u2028\\u2029\"", status.toString());
    }
}
