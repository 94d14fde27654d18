package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.core.handshake.Headers;
import java.net.CookieManager;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    private static Endpoint of(String uri) {
        return Endpoint.of(URI.create(uri), Headers.of(), new CookieManager(), null);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "http://h/p, http://h/p, ws://h/p",
        "ws://h:81/p?q=%20, http://h:81/p?q=%20, ws://h:81/p?q=%20",
        "HTTPS://h, https://h/, wss://h/",
        "wss://[::1]:8443/a%2Fb, https://[::1]:8443/a%2Fb, wss://[::1]:8443/a%2Fb"
    })
    void has_an_address_for_each_kind_of_transport(String uri, String http, String webSocket) {
        assertEquals(URI.create(http), of(uri).http());
        assertEquals(URI.create(webSocket), of(uri).webSocket());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"ftp://h/", "/push", "h:80/push", "http:///push", "http://h/#f", "mailto:a@b"})
    void refuses_what_is_no_endpoint(String uri) {
        assertThrows(IllegalArgumentException.class, () -> of(uri));
    }

    @Test
    void does_not_show_its_query() {
        assertEquals("http://h:81/p", of("http://h:81/p?token=secret").toString());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"Host", "postern-session", "Postern-X", "sec-websocket-key", "Last-Event-ID", "Accept", "upgrade"
            })
    void keeps_the_headers_of_the_protocol_for_itself(String name) {
        assertTrue(Endpoint.isReserved(name));
        var builder = PushClient.builder(URI.create("http://h/"));
        assertThrows(IllegalArgumentException.class, () -> builder.header(name, "x"));
    }

    @Test
    void leaves_other_headers_to_the_application() {
        assertFalse(Endpoint.isReserved("Authorization"));
        assertFalse(Endpoint.isReserved("Cookie"));
    }
}
