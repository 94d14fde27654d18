package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushOptionsTest {
    private static final PushOptions DEFAULTS = PushOptions.defaults();

    @Test
    void the_defaults_are_those_of_the_protocol() {
        assertEquals(Duration.ofSeconds(25), DEFAULTS.heartbeat());
        assertEquals(Duration.ofSeconds(25), DEFAULTS.pollTimeout());
        assertEquals(Duration.ofMinutes(2), DEFAULTS.expiry());
        assertEquals(Duration.ofSeconds(10), DEFAULTS.sendTimeout());
        assertEquals(Duration.ofSeconds(5), DEFAULTS.busyTimeout());
        assertEquals(Duration.ofMinutes(1), DEFAULTS.bodyTimeout());
        assertEquals(Duration.ofSeconds(10), DEFAULTS.attachTimeout());
        assertEquals(Duration.ofSeconds(5), DEFAULTS.closeTimeout());
        assertEquals(Duration.ofSeconds(20), DEFAULTS.writeTimeout());
        assertEquals(Duration.ofMinutes(5), DEFAULTS.rotation());
        long fifth = Runtime.getRuntime().maxMemory() / 5;
        assertEquals(
                new PushLimits(65_536, 262_144, 1_000, 262_144, fifth, 1_000, 262_144, 10_000, 1_000, 10_000),
                DEFAULTS.limits());
    }

    @Test
    void each_setter_sets_its_own() {
        var value = Duration.ofMillis(7);
        assertEquals(value, DEFAULTS.withHeartbeat(value).heartbeat());
        assertEquals(value, DEFAULTS.withPollTimeout(value).pollTimeout());
        assertEquals(value, DEFAULTS.withExpiry(value).expiry());
        assertEquals(value, DEFAULTS.withSendTimeout(value).sendTimeout());
        assertEquals(value, DEFAULTS.withBusyTimeout(value).busyTimeout());
        assertEquals(value, DEFAULTS.withBodyTimeout(value).bodyTimeout());
        assertEquals(value, DEFAULTS.withAttachTimeout(value).attachTimeout());
        assertEquals(value, DEFAULTS.withCloseTimeout(value).closeTimeout());
        assertEquals(value, DEFAULTS.withWriteTimeout(value).writeTimeout());
        assertEquals(value, DEFAULTS.withRotation(value).rotation());
        assertEquals(
                Set.of("http://a"),
                DEFAULTS.withAllowedOrigins(Set.of("http://a")).allowedOrigins());
        assertEquals(Set.of("a"), DEFAULTS.withAllowedHosts(Set.of("a")).allowedHosts());
        var limits = PushLimits.defaults()
                .withMaxMessageSize(1)
                .withMaxBodySize(2)
                .withUnacknowledged(3, 4)
                .withTotalUnacknowledgedBytes(9)
                .withUnreceived(5, 6)
                .withSessions(7, 8)
                .withWaitingListenerCalls(10);
        assertEquals(
                new PushLimits(1, 2, 3, 4, 9L, 5, 6, 7, 8, 10),
                DEFAULTS.withLimits(limits).limits());
    }

    @Test
    void timeouts_are_positive_and_at_most_a_year() {
        var year = Duration.ofDays(365);
        for (var bad : new Duration[] {Duration.ZERO, Duration.ofNanos(-1), year.plusNanos(1)}) {
            assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withHeartbeat(bad));
            assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withWriteTimeout(bad));
            assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withRotation(bad));
        }
        assertEquals(year, DEFAULTS.withExpiry(year).expiry());
        assertEquals(
                Duration.ofNanos(1), DEFAULTS.withExpiry(Duration.ofNanos(1)).expiry());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://x.example/",
                "https://x.example/page",
                "https://x.example?a",
                "https://me@x.example",
                "https://*.example",
                "https://x.example:",
                "https://x.example:port",
                "https://x.example:100000",
                "https://b\u00fccher.example",
                "https:x.example",
                "https://",
                "://x.example",
                "x.example",
                " https://x.example",
                "https://a.example, https://b.example",
                "https://::1",
                "**",
                ""
            })
    void an_origin_that_no_page_has_is_refused_by_name(String bad) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> DEFAULTS.withAllowedOrigins(Set.of("https://good.example", bad)));
        assertEquals("not an origin: " + bad, e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "https://x.example",
                "HTTPS://X.example",
                "http://x.example:8080",
                "http://localhost:3000",
                "http://127.0.0.1",
                "https://[::1]:8443",
                "http://my_host",
                "https://xn--bcher-kva.example",
                "chrome-extension://abcdefghijklmnop",
                "capacitor://localhost",
                "file://"
            })
    void an_origin_that_a_page_may_have_is_taken(String good) {
        assertEquals(Set.of(good), DEFAULTS.withAllowedOrigins(Set.of(good)).allowedOrigins());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://x.example", "x.example/", "*", "*.example", "x.example:", "x:100000", "::1", "a b", ""})
    void a_host_that_no_request_has_is_refused_by_name(String bad) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> DEFAULTS.withAllowedHosts(Set.of("good.example", bad)));
        assertEquals("not a host: " + bad, e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x.example", "X.example", "x.example:443", "localhost:8080", "127.0.0.1", "[::1]:8443", "my_host"
            })
    void a_host_that_a_request_may_have_is_taken(String good) {
        assertEquals(Set.of(good), DEFAULTS.withAllowedHosts(Set.of(good)).allowedHosts());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, (1 << 30) + 1})
    void limits_are_positive_and_at_most_two_to_the_thirty(int bad) {
        var limits = PushLimits.defaults();
        assertThrows(IllegalArgumentException.class, () -> limits.withMaxMessageSize(bad));
        assertThrows(IllegalArgumentException.class, () -> limits.withMaxBodySize(bad));
        assertThrows(IllegalArgumentException.class, () -> limits.withUnacknowledged(1, bad));
        assertThrows(IllegalArgumentException.class, () -> limits.withUnreceived(bad, 1));
        assertThrows(IllegalArgumentException.class, () -> limits.withTotalUnacknowledgedBytes(Math.min(bad, 0)));
        assertThrows(IllegalArgumentException.class, () -> limits.withSessions(1, bad));
        assertThrows(IllegalArgumentException.class, () -> limits.withWaitingListenerCalls(bad));
        assertEquals(1 << 30, limits.withMaxBodySize(1 << 30).maxBodySize());
    }

    @Test
    void a_body_always_has_room_for_the_largest_message() {
        assertEquals(262_144, PushLimits.defaults().largestBody());
        assertEquals(
                4_000_000 + 1_024,
                PushLimits.defaults().withMaxMessageSize(3_000_000).largestBody());
    }
}
