package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From which size on JFR is told of messages. */
class MinimumSizeTest {
    private final MinimumSize setting = new MinimumSize();

    @ParameterizedTest(name = "{0}")
    @CsvSource({"0, 0", "1, 1", "' 64 ', 64", "-1, 0", "rubbish, 0", "99999999999, 0", "'', 0"})
    void what_is_not_a_size_leaves_nothing_out(String value, int bytes) {
        setting.setValue(value);
        assertEquals(bytes, setting.bytes());
        assertEquals(value, setting.getValue());
    }

    @Test
    void of_several_recordings_the_smallest_counts() {
        assertEquals("5", setting.combine(Set.of("10", "5", "2000")));
        assertEquals("0", setting.combine(Set.of("10", "rubbish")));
    }
}
