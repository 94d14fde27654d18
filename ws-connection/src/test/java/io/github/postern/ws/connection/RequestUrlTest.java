package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The address of a server's connection, from what clients really send. */
class RequestUrlTest {
    private static String url(String target, boolean secure) {
        var request = new HandshakeRequest("GET", target, Headers.of("Host", "example.org:8080"));
        return RequestUrl.of(request, secure).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a/b?c=d, /a/b?c=d",
        "/a%20b, /a%20b",
        "/?q=%C3%A9, /?q=%C3%A9",
        "/?filter={a|b}, /?filter=%7ba%7cb%7d",
        "/?100%, /?100%25",
        "/?, /?",
        "//twice, //twice",
        "http://example.org:8080/x?y, /x?y",
    })
    void targets_become_addresses(String target, String expected) {
        assertEquals("ws://example.org:8080" + expected, url(target, false));
    }

    @Test
    void over_tls_the_scheme_is_wss() {
        assertEquals("wss://example.org:8080/", url("/", true));
    }

    @Test
    void a_request_without_a_host_has_no_address() {
        var request = new HandshakeRequest("GET", "/", Headers.of());
        assertThrows(IllegalArgumentException.class, () -> RequestUrl.of(request, false));
    }
}
