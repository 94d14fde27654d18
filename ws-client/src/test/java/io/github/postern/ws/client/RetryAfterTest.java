package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Headers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("1994-11-06T08:49:37Z");

    @ParameterizedTest
    @CsvSource({
        "503, 0, 0",
        "503, 7, 7",
        "429, 7, 7",
        "503, 59, 59",
        "503, 60, 60",
        "503, 61, 60",
        "503, 999999999, 60",
        "503, 9999999999, 0",
        "503, -1, 0",
        "503, 1.5, 0",
        "503, soon, 0",
        "503, '', 0",
        "503, 'Sun, 06 Nov 1994 08:49:47 GMT', 10",
        "503, 'Sun, 06 Nov 1994 08:49:27 GMT', 0",
        "503, 'Mon, 06 Nov 2094 08:49:27 GMT', 0",
        "503, 'Sat, 06 Nov 2094 08:49:27 GMT', 60",
        "500, 7, 0",
        "408, 7, 0",
        "302, 7, 0"
    })
    void a_number_of_seconds_or_a_date_is_honoured_up_to_a_limit(int status, String value, long seconds) {
        var response = HandshakeResponse.of(status, Headers.of("Retry-After", value), "");
        var refusal = new HandshakeRejectedException("why", response);
        assertEquals(Duration.ofSeconds(seconds), RetryAfter.of(refusal, NOW, Duration.ofSeconds(60)));
    }
}
