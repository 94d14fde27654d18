package io.github.postern.ws.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** When a refused client may come again (RFC 9110 §10.2.3). */
final class RetryAfter {
    private RetryAfter() {}

    /**
     * The time from now on that the refusal of an overloaded server (503) or an overeager client (429) asks for; zero
     * if none.
     */
    static Duration of(HandshakeRejectedException refusal, Instant now, Duration max) {
        int status = refusal.response().status();
        if (status != 503 && status != 429) {
            return Duration.ZERO;
        }
        var wanted = refusal.response()
                .headers()
                .first("Retry-After")
                .map(value -> parse(value, now))
                .orElse(Duration.ZERO);
        return wanted.compareTo(max) > 0 ? max : wanted;
    }

    /** Seconds or a date; zero for a date that has passed and for what is neither. */
    private static Duration parse(String value, Instant now) {
        if (value.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            var date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
