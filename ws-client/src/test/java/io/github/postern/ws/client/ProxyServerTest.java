package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyServerTest {
    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "65535, true", "65536, false"})
    void the_port_is_one_of_tcp(int port, boolean allowed) {
        if (allowed) {
            assertEquals(port, ProxyServer.http("h", port).port());
        } else {
            assertThrows(IllegalArgumentException.class, () -> ProxyServer.socks5("h", port));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "255, true", "256, false"})
    void a_user_and_password_for_socks_have_1_to_255_bytes(int size, boolean allowed) {
        var proxy = ProxyServer.socks5("h", 1080);
        var text = "x".repeat(size);
        if (allowed) {
            proxy.withCredentials(text, text);
        } else {
            assertThrows(IllegalArgumentException.class, () -> proxy.withCredentials(text, "p"));
            assertThrows(IllegalArgumentException.class, () -> proxy.withCredentials("u", text));
        }
    }

    @Test
    void what_cannot_be_sent_is_refused() {
        var proxy = ProxyServer.http("h", 8080);
        assertThrows(IllegalArgumentException.class, () -> proxy.withCredentials("a:b", "c"));
        assertThrows(IllegalArgumentException.class, () -> proxy.withCredentials("a\r", "c"));
        assertThrows(IllegalArgumentException.class, () -> proxy.withCredentials("a", "c\n"));
        assertThrows(IllegalArgumentException.class, () -> ProxyServer.http("", 8080));
        proxy.withCredentials("a", "b:c");
    }

    @Test
    void it_is_printed_without_its_credentials() {
        var proxy = ProxyServer.http("::1", 8080).withCredentials("alice", "secret");
        assertEquals("HTTP proxy [::1]:8080", proxy.toString());
        assertFalse(String.valueOf(proxy.credentials()).contains("secret"));
        assertEquals("SOCKS proxy h:1080", ProxyServer.socks5("h", 1080).toString());
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "3600000, true", "3600001, false"})
    void the_proxy_timeout_is_between_1_ms_and_1_h(long millis, boolean allowed) {
        var builder = WebSocketClient.builder();
        if (allowed) {
            builder.proxyTimeout(Duration.ofMillis(millis));
        } else {
            assertThrows(IllegalArgumentException.class, () -> builder.proxyTimeout(Duration.ofMillis(millis)));
        }
    }
}
