package io.github.postern.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedOriginsTest {
    private static boolean allows(String allowed, String origin) {
        var request = new HandshakeRequest("GET", "/", Headers.of("Host", "here.example", "Origin", origin));
        return OriginPolicy.sameOriginOr(allowed).allows(request, true);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "https://app.example, https://app.example",
        "HTTPS://App.Example, https://app.example",
        "https://app.example:443, https://app.example",
        "http://app.example:80, http://app.example",
        "https://app.example:8443, https://app.example:8443",
        "https://app.example:65535, https://app.example:65535",
        "http://localhost:0, http://localhost:0",
        "http://192.0.2.1:8080, http://192.0.2.1:8080",
        "http://[::1]:8080, http://[::1]:8080",
        "https://xn--bcher-kva.example, https://xn--bcher-kva.example",
        "chrome-extension://abcdefghijklmnop, chrome-extension://abcdefghijklmnop",
        "file://, file://",
        "null, null",
    })
    void an_origin_is_allowed_as_browsers_name_it(String allowed, String origin) {
        assertTrue(allows(allowed, origin));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "https://app.example, http://app.example",
        "https://app.example, https://app.example:8443",
        "https://app.example, https://app.example.evil.example",
        "https://app.example, https://evilapp.example",
        "https://app.example, null",
    })
    void any_other_is_not(String allowed, String origin) {
        assertEquals(false, allows(allowed, origin));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "app.example",
                "app.example:443",
                "//app.example",
                "https:app.example",
                "https://",
                "https:///",
                "https://app.example/",
                "https://app.example/page",
                "https://app.example?",
                "https://user@app.example",
                "https://*.app.example",
                "https://app.example:",
                "https://app.example:080",
                "https://app.example:65536",
                "https://::1",
                "https://b\u00fccher.example",
                " https://app.example",
                "https://app.example, https://other.example",
                "null/",
            })
    void what_can_never_be_the_origin_of_a_page_is_refused(String origin) {
        var refused = assertThrows(
                IllegalArgumentException.class, () -> OriginPolicy.sameOriginOr("https://app.example", origin));
        assertTrue(refused.toString().endsWith(": " + origin), refused::toString);
    }
}
