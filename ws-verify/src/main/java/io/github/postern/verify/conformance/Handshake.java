package io.github.postern.verify.conformance;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/** The opening handshake (§4): what is right, and whether the other side's is. */
final class Handshake {
    static final String EXTENSIONS = "Sec-WebSocket-Extensions";
    static final String PROTOCOL = "Sec-WebSocket-Protocol";
    static final String KEY = "Sec-WebSocket-Key";
    static final String VERSION = "Sec-WebSocket-Version";
    static final String ACCEPT = "Sec-WebSocket-Accept";

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final SecureRandom RANDOM = new SecureRandom();

    private Handshake() {}

    static InetSocketAddress address(URI uri) {
        return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
    }

    /** A valid request without extensions and subprotocols. */
    static Head request(URI uri) {
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        var port = uri.getPort() < 0 || uri.getPort() == 80 ? "" : ":" + uri.getPort();
        return Head.of(
                "GET " + path + query + " HTTP/1.1",
                "Host",
                uri.getHost() + port,
                "Upgrade",
                "websocket",
                "Connection",
                "Upgrade",
                KEY,
                newKey(),
                VERSION,
                "13");
    }

    static String newKey() {
        var nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }

    /** Whether a key is 16 bytes in Base64 (§4.1). */
    static boolean isKey(String key) {
        try {
            return key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static String accept(String key) {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every JDK has it
        }
    }

    /** The valid response to a request, without extensions and subprotocols. */
    static Head response(Head request) {
        return Head.of(
                "HTTP/1.1 101 Switching Protocols",
                "Upgrade",
                "websocket",
                "Connection",
                "Upgrade",
                ACCEPT,
                accept(request.only(KEY)));
    }

    /** Sees that a response accepts the request, and takes nothing for agreed that was not offered. */
    static void check(Head response, Head request) throws Finding {
        if (response.status() != 101) {
            throw Finding.failed("status 101", response.start());
        }
        require(response.start().startsWith("HTTP/1.1 "), "HTTP/1.1", response.start());
        var upgrade = response.only("Upgrade");
        require(upgrade.equalsIgnoreCase("websocket"), "Upgrade: websocket (§4.2.2)", response.all("Upgrade"));
        require(response.lists("Connection", "Upgrade"), "Connection: Upgrade (§4.2.2)", response.all("Connection"));
        var accept = accept(request.only(KEY));
        require(response.only(ACCEPT).equals(accept), ACCEPT + ": " + accept, response.all(ACCEPT));
        var protocols = response.all(PROTOCOL);
        var offered = request.list(PROTOCOL);
        require(
                protocols.isEmpty() || protocols.size() == 1 && offered.contains(protocols.getFirst()),
                "at most one subprotocol, of those that were offered: " + offered,
                protocols);
        checkExtensions(response, request);
    }

    private static void checkExtensions(Head response, Head request) throws Finding {
        if (response.all(EXTENSIONS).isEmpty()) {
            return;
        }
        var offered = request.list(EXTENSIONS).toString();
        for (var extension : Extension.parse(response.all(EXTENSIONS))) {
            require(offered.contains(extension.name()), "extensions that were offered: " + offered, extension.name());
        }
    }

    static void require(boolean condition, String expected, Object observed) throws Finding {
        if (!condition) {
            throw Finding.failed(expected, observed instanceof List<?> list && list.isEmpty() ? "none" : "" + observed);
        }
    }
}
