package io.github.postern.verify.soak;

import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import io.github.postern.ws.server.ServerOptions;
import io.github.postern.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A server, and a client made for it.
 *
 * @param tls null if it is plain
 */
record Site(
        String name,
        @Nullable SSLContext tls,
        boolean deflate,
        WebSocketServer server,
        WebSocketClient client,
        Ends ends)
        implements AutoCloseable {
    /** Short enough for a stalled peer to be found while an action waits, long enough for a busy machine. */
    static final ConnectionOptions OPTIONS = ConnectionOptions.defaults()
            .withPingInterval(Duration.ofSeconds(2))
            .withPongTimeout(Duration.ofSeconds(8))
            .withWriteTimeout(Duration.ofSeconds(8))
            .withMessageTimeout(Duration.ofSeconds(20))
            .withLingerTimeout(Duration.ofSeconds(2))
            .withCloseTimeout(Duration.ofSeconds(10))
            .withUnsentBytes(256 * 1024)
            .withUnsentMessages(64);

    /** All come from one address. */
    private static final int CONNECTIONS = 10_000;

    static List<Site> open(SSLContext tls) throws IOException {
        var each = PerMessageDeflate.defaults();
        var remembering = each.withServerNoContextTakeover(false).withClientNoContextTakeover(false);
        var sites = new ArrayList<Site>();
        sites.add(open("ws", null, null));
        sites.add(open("ws compressed", null, remembering));
        sites.add(open("wss", tls, null));
        sites.add(open("wss compressed", tls, each));
        return List.copyOf(sites);
    }

    private static Site open(String name, @Nullable SSLContext tls, @Nullable PerMessageDeflate deflate)
            throws IOException {
        var ends = new Ends();
        var options = ServerOptions.defaults()
                .withConnection(OPTIONS)
                .withHandshakeTimeout(Duration.ofSeconds(8))
                .withMaxConnectionsPerAddress(CONNECTIONS);
        var server = WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .options(options)
                .listener(ends);
        var client = WebSocketClient.builder().options(OPTIONS).connectTimeout(Duration.ofSeconds(20));
        if (tls != null) {
            server.tls(tls);
            client.sslContext(tls);
        }
        if (deflate != null) {
            server.deflate(deflate);
            client.deflate(deflate);
        }
        Behaviour.addAll(server);
        return new Site(name, tls, deflate != null, server.start(), client.build(), ends);
    }

    URI uri(int port, String pathAndQuery) {
        return URI.create((tls == null ? "ws" : "wss") + "://127.0.0.1:" + port + pathAndQuery);
    }

    @Override
    public void close() {
        server.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
