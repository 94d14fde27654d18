package io.github.postern.samples;

import io.github.postern.ws.core.handshake.ClientHandshake;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.HandshakeResult;
import io.github.postern.ws.core.handshake.Head;
import io.github.postern.ws.core.handshake.HeadLimits;
import io.github.postern.ws.core.handshake.HttpHeadDecoder;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import io.github.postern.ws.server.WebSocketServer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Performs an opening handshake with a server, and explains it line by line; section numbers are those of RFC 6455 unless another is named. */
final class Handshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int PATIENCE_MILLIS = 10_000;

    private Handshake() {}

    public static void main(String[] args) throws Exception {
        var command = Arguments.command(
                        "handshake",
                        "A real opening handshake, explained header by header.",
                        "",
                        "Without a URL, the server is one of ours in this process.",
                        "")
                .addOption(Arguments.texts("--subprotocol", "NAME", "Offer this subprotocol."))
                .addOption(Destination.header())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("URL")
                        .arity("0..1")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .description("A ws or wss URL.")
                        .build());
        Arguments.run(command, args, Handshake::run);
    }

    private static int run(Arguments arguments) throws Exception {
        if (!arguments.words().isEmpty()) {
            var destination = Destination.of(arguments, arguments.words().getFirst(), List.of("ws", "wss"));
            return explain(destination, arguments.texts("--subprotocol"), arguments) ? 0 : 1;
        }
        try (var server = WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .path("/chat", ws -> ws.forEach(message -> {}), "chat.v2", "chat.v1")
                .deflate(PerMessageDeflate.defaults())
                .start()) {
            var destination =
                    Destination.of(arguments, "ws://localhost:" + server.port() + "/chat", List.of("ws", "wss"));
            var subprotocols = arguments.texts("--subprotocol");
            return explain(destination, subprotocols.isEmpty() ? List.of("chat.v1") : subprotocols, arguments) ? 0 : 1;
        }
    }

    private static boolean explain(Destination destination, List<String> subprotocols, Arguments arguments)
            throws IOException {
        var handshake = handshake(destination, subprotocols, arguments);
        var request = handshake.request();
        title("The client asks " + destination.url().getHost() + ", port " + destination.port()
                + (destination.isSecure() ? ", through TLS:" : ":"));
        line(
                "GET " + request.target() + " HTTP/1.1",
                "an HTTP/1.1 GET, so that the port can serve HTTP as well (§1.7, §4.1)");
        request.headers().forEach((name, value) -> line(name + ": " + value, ofRequest(name)));

        HandshakeResponse response;
        try (var socket = connect(destination)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.encode());
            response = head(socket.getInputStream());
        }
        title("The server answers:");
        line("HTTP/1.1 " + response.status() + ' ' + response.reasonPhrase(), ofStatus(response.status()));
        response.headers().forEach((name, value) -> line(name + ": " + value, ofResponse(name)));
        if (response.status() == 101) {
            proof(request.headers().first("Sec-WebSocket-Key").orElseThrow());
        }
        return verdict(handshake.check(response));
    }

    private static ClientHandshake handshake(Destination destination, List<String> subprotocols, Arguments arguments) {
        var nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        try {
            return new ClientHandshake(
                    ClientHandshake.hostField(destination.url().getHost(), destination.port(), destination.isSecure()),
                    destination.resource(),
                    nonce,
                    subprotocols,
                    List.of(PerMessageDeflate.defaults()),
                    destination.headers());
        } catch (IllegalArgumentException e) {
            throw arguments.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static void proof(String key) {
        title("Why the server answers with that Sec-WebSocket-Accept (§1.3, §4.2.2):");
        line(key + GUID, "the key of the request, and behind it a text that is fixed in the RFC");
        var sha1 = sha1(key + GUID);
        line(HexFormat.of().formatHex(sha1), "its SHA-1, 20 bytes");
        line(
                Base64.getEncoder().encodeToString(sha1),
                "in Base64: a server that knows nothing of WebSocket, or a cache, does not answer so");
    }

    private static boolean verdict(HandshakeResult result) {
        return switch (result) {
            case HandshakeResult.Accepted accepted -> {
                var agreed = accepted.negotiated();
                title("It is a WebSocket: from the next byte on, both sides send frames (§5).");
                line("subprotocol", agreed.subprotocol().isEmpty() ? "none" : agreed.subprotocol());
                line(
                        "extensions",
                        agreed.extensions().isEmpty()
                                ? "none"
                                : agreed.extensions().toString());
                yield true;
            }
            case HandshakeResult.Rejected rejected -> {
                title("It is no WebSocket: " + rejected.why() + " (§4.1: the client must fail the connection).");
                yield false;
            }
        };
    }

    private static Socket connect(Destination destination) throws IOException {
        var host = destination.url().getHost();
        if (!destination.isSecure()) {
            return new Socket(host, destination.port());
        }
        var socket = (SSLSocket) SSLSocketFactory.getDefault().createSocket(host, destination.port());
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate must be for this host
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** Reads to the end of the head of the response, and no further. */
    private static HandshakeResponse head(InputStream in) throws IOException {
        var decoder = HttpHeadDecoder.forResponse(HeadLimits.defaults());
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection before it had answered");
            }
            switch (decoder.next(ByteBuffer.wrap(new byte[] {(byte) next}))) {
                case null -> {}
                case Head.Response head when head.response().isInterim() -> {}
                case Head.Response head -> {
                    return head.response();
                }
                case Head other -> throw new IOException("the server does not speak HTTP/1.1: " + other);
            }
        }
    }

    private static byte[] sha1(String text) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private static String ofRequest(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "host" -> "which site is meant, if several share the address (§4.1; RFC 9110 §7.2)";
            case "upgrade" -> "the protocol that the client wants to go on with (§4.1; RFC 9110 §7.8)";
            case "connection" ->
                "Upgrade is meant for the next hop only; a proxy that does not know it drops it (§4.1)";
            case "sec-websocket-key" ->
                "16 random bytes in Base64: the answer proves that a WebSocket server read them, no cache (§4.1)";
            case "sec-websocket-version" ->
                "13 is the version of RFC 6455; a server that speaks others says so with 426 (§4.1, §4.4)";
            case "sec-websocket-protocol" ->
                "subprotocols that the client speaks, the preferred one first (§1.9, §4.1)";
            case "sec-websocket-extensions" ->
                "extensions that the client offers: here compression (§9.1; RFC 7692 §5)";
            case "origin" ->
                "the site whose page opens it; a browser sends it, so that a server can refuse other sites (§10.2)";
            case "cookie", "authorization" -> "who the client is, as in any HTTP request (§4.1, §10.5)";
            default -> "any further header field of HTTP (§4.1)";
        };
    }

    private static String ofStatus(int status) {
        return switch (status) {
            case 101 -> "the server changes to the protocol that was asked for (§4.2.2; RFC 9110 §15.2.2)";
            case 301, 302, 303, 307, 308 ->
                "the resource is elsewhere; a client may follow, and a browser does not (§4.1)";
            case 400 -> "the server takes the request for malformed (§4.2.1)";
            case 401 -> "the server wants to know who the client is (§4.1)";
            case 403 -> "the server does not want this client, often for its origin (§4.2.2, §10.2)";
            case 404 -> "there is no such resource";
            case 426 -> "the server wants a WebSocket, but in another version or with its Upgrade (§4.4)";
            default -> "anything but 101: the handshake has failed, and this is ordinary HTTP (§4.1)";
        };
    }

    private static String ofResponse(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "upgrade" -> "what follows is a WebSocket (§4.2.2)";
            case "connection" -> "and on this connection (§4.2.2)";
            case "sec-websocket-accept" -> "the proof that the server has read the key: see below (§4.2.2)";
            case "sec-websocket-protocol" -> "the one subprotocol that the server has chosen from the offer (§4.2.2)";
            case "sec-websocket-extensions" ->
                "the extensions that both use from now on, with their parameters (§9.1; RFC 7692 §5)";
            case "sec-websocket-version" -> "the versions that the server speaks (§4.4)";
            case "set-cookie" -> "a cookie, as in any HTTP response (§4.1)";
            case "location" -> "where the resource is (RFC 9110 §10.2.2)";
            default -> "any further header field of HTTP (§4.2.2)";
        };
    }

    private static void title(String text) {
        System.out.printf("%n%s%n", text);
    }

    private static void line(String what, String why) {
        System.out.printf("  %s%n      %s%n", Frame.printable(what), Frame.printable(why));
    }
}
