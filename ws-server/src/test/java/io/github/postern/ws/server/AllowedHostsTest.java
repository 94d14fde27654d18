package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AllowedHostsTest {
    @RegisterExtension
    final Servers servers = new Servers();

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "example.org, true",
        "EXAMPLE.org, true",
        "example.org:8443, true",
        "example.org:, true",
        "[::1], true",
        "[::1]:80, true",
        "127.0.0.1:1, true",
        "evil.example, false",
        "example.org.evil.example, false",
        "evilexample.org, false",
        "[::2], false",
        "127.0.0.2, false",
    })
    void a_host_is_compared_without_its_port(String host, boolean allowed) {
        var hosts = AllowedHosts.of("Example.org", "[::1]", "127.0.0.1");
        assertEquals(allowed, hosts.allows(new HandshakeRequest("GET", "/", Headers.of("Host", host))));
    }

    @Test
    void any_host_is_allowed_by_default() {
        assertEquals(
                true, AllowedHosts.any().allows(new HandshakeRequest("GET", "/", Headers.of("Host", "a.example"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "example.org:80", "http://example.org", "[::1]:80", "::1", "a b", "*.example.org", "a/b"})
    void a_name_with_more_than_a_host_is_refused(String name) {
        assertThrows(IllegalArgumentException.class, () -> loopback().hosts("localhost", name));
    }

    /** As an empty setting would. */
    @Test
    void naming_no_host_does_not_allow_all() {
        assertThrows(IllegalArgumentException.class, () -> loopback().hosts());
    }

    @Test
    void requests_for_other_hosts_are_misdirected_whatever_their_path_or_kind() throws Exception {
        var server = servers.start(loopback()
                .path("/", ECHO)
                .hosts("localhost")
                .plainRequests(request -> HandshakeResponse.of(200, "page")));
        assertEquals(101, RawClient.status(server, upgrade("/")));
        assertEquals(200, RawClient.status(server, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        var rebound = "Host: evil.example\r\n";
        assertEquals(421, RawClient.status(server, upgrade("/").replace("Host: localhost\r\n", rebound)));
        assertEquals(421, RawClient.status(server, upgrade("/other").replace("Host: localhost\r\n", rebound)));
        assertEquals(421, RawClient.status(server, "GET / HTTP/1.1\r\n" + rebound + "\r\n"));
        // and the page that was rebound is of the same origin, which is why the origin policy does not notice
        assertEquals(
                421,
                RawClient.status(
                        server, upgrade("/", "Origin: http://evil.example").replace("Host: localhost\r\n", rebound)));
    }
}
