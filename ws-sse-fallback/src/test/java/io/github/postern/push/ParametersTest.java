package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParametersTest {
    @Test
    void what_is_written_is_read_back() {
        var form = new Parameters()
                .with("code", 1000)
                .with("reason", "a=b&c d\r\n+%é")
                .encode();
        assertEquals("code=1000&reason=a%3Db%26c+d%0D%0A%2B%25%C3%A9", form);
        var read = Parameters.parse(form);
        assertNotNull(read);
        assertEquals(1000, read.number("code"));
        assertEquals(Optional.of("a=b&c d\r\n+%é"), read.text("reason"));
    }

    @Test
    void absence_is_no_error() {
        var read = Parameters.parse("");
        assertNotNull(read);
        assertEquals(Optional.empty(), read.text("code"));
        assertEquals(Numbers.MALFORMED, read.number("code"));
    }

    @Test
    void the_first_of_two_counts() {
        var read = Parameters.parse("a=1&a=2&b&=3");
        assertNotNull(read);
        assertEquals(1, read.number("a"));
        assertEquals(Optional.empty(), read.text("b"));
    }

    @Test
    void a_broken_escape_is_malformed() {
        assertNull(Parameters.parse("a=%4"));
        assertNull(Parameters.parse("a=%zz"));
    }

    @Test
    void values_do_not_get_into_logs() {
        assertFalse(new Parameters().with("session", "S3cret").toString().contains("S3cret"));
    }
}
