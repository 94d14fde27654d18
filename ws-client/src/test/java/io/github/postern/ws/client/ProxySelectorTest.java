package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client with a {@link ProxySelector}. */
@Timeout(30)
class ProxySelectorTest {
    /** Gives a list, and keeps what it is asked and told. */
    private static final class Choice extends ProxySelector {
        private final List<Proxy> proxies;
        private final List<URI> asked = new ArrayList<>();
        private final List<SocketAddress> failed = new ArrayList<>();

        Choice(Proxy... proxies) {
            this.proxies = List.of(proxies);
        }

        @Override
        public List<Proxy> select(URI uri) {
            asked.add(uri);
            return proxies;
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException why) {
            failed.add(address);
        }
    }

    private static Proxy at(Proxy.Type type, int port) {
        return new Proxy(type, InetSocketAddress.createUnresolved("127.0.0.1", port));
    }

    /** A port where nobody listens on 127.0.0.1 while the peer is there. */
    private static Proxy nobody(Peer peer) {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("127.0.0.2", peer.port()));
    }

    @ParameterizedTest
    @CsvSource({
        "ws://origin.test/a?b, http://origin.test/a?b",
        "ws://origin.test, http://origin.test/",
        "ws://user@origin.test:8080/a, http://origin.test:8080/a",
        "wss://origin.test/, https://origin.test/",
        "WSS://origin.test:444?q, https://origin.test:444/?q",
        "ws://[::1]:81/, http://[::1]:81/"
    })
    void it_is_asked_with_the_uri_of_http_or_https(URI uri, URI asked) throws Exception {
        try (var proxy = Peer.answering(head -> "HTTP/1.1 403 No\r\n\r\n")) {
            var selector = new Choice(at(Proxy.Type.HTTP, proxy.port()));
            var client = WebSocketClient.builder().proxySelector(selector).build();
            assertThrows(ProxyException.class, () -> client.connect(uri));
            assertEquals(List.of(asked), selector.asked);
        }
    }

    @Test
    void no_choice_and_the_choice_of_none_are_direct() throws Exception {
        for (var selector : List.of(new Choice(), new Choice(Proxy.NO_PROXY))) {
            try (var server = Peer.answering(Peer::accepted)) {
                WebSocketClient.builder()
                        .proxySelector(selector)
                        .build()
                        .connect(server.uri("/"))
                        .abort();
                assertTrue(server.head().startsWith("GET "));
            }
        }
    }

    @Test
    void a_proxy_that_cannot_be_reached_gives_way_to_the_next_and_is_reported() throws Exception {
        try (var server = Peer.answering(Peer::accepted)) {
            var dead = nobody(server);
            var selector = new Choice(dead, Proxy.NO_PROXY);
            WebSocketClient.builder()
                    .proxySelector(selector)
                    .build()
                    .connect(server.uri("/"))
                    .abort();
            assertEquals(List.of(dead.address()), selector.failed);
        }
    }

    @Test
    void a_proxy_that_refuses_does_not_give_way() throws Exception {
        try (var proxy = Peer.answering(head -> "HTTP/1.1 403 No\r\n\r\n")) {
            var selector = new Choice(at(Proxy.Type.HTTP, proxy.port()), Proxy.NO_PROXY);
            var client = WebSocketClient.builder().proxySelector(selector).build();
            assertThrows(ProxyException.class, () -> client.connect(URI.create("ws://origin.test/")));
            assertEquals(List.of(), selector.failed);
        }
    }

    @Test
    void when_none_can_be_reached_the_last_failure_is_thrown() throws Exception {
        try (var server = Peer.answering(Peer::accepted)) {
            var client = WebSocketClient.builder()
                    .proxySelector(new Choice(nobody(server)))
                    .build();
            assertThrows(ConnectException.class, () -> client.connect(server.uri("/")));
        }
    }

    @Test
    void a_socks_proxy_is_spoken_to_in_version_5() throws Exception {
        try (var proxy = new Peer(visit -> {
            assertEquals(5, visit.socket.getInputStream().read());
            visit.socket.getOutputStream().write(new byte[] {5, (byte) 0xFF});
        })) {
            var client = WebSocketClient.builder()
                    .proxySelector(new Choice(at(Proxy.Type.SOCKS, proxy.port())))
                    .build();
            assertThrows(ProxyException.class, () -> client.connect(URI.create("ws://origin.test/")));
        }
    }

    @Test
    void the_last_of_proxy_and_selector_counts() throws Exception {
        try (var server = Peer.answering(Peer::accepted)) {
            var unreachable = ProxyServer.http("127.0.0.2", server.port());
            WebSocketClient.builder()
                    .proxy(unreachable)
                    .proxySelector(new Choice())
                    .build()
                    .connect(server.uri("/"))
                    .abort();
            var client = WebSocketClient.builder()
                    .proxySelector(new Choice())
                    .proxy(unreachable)
                    .build();
            assertThrows(ConnectException.class, () -> client.connect(server.uri("/")));
        }
    }

    @Test
    void what_it_throws_connect_throws() {
        var client = WebSocketClient.builder()
                .proxySelector(new ProxySelector() {
                    @Override
                    public List<Proxy> select(URI uri) {
                        throw new IllegalStateException("no idea");
                    }

                    @Override
                    public void connectFailed(URI uri, SocketAddress address, IOException why) {
                        throw new AssertionError(why);
                    }
                })
                .build();
        assertThrows(IllegalStateException.class, () -> client.connect(URI.create("ws://origin.test/")));
    }
}
