package io.github.postern.ws.core.handshake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the opening handshake (RFC 6455 §4.2). Origin, resource and authentication are for the caller to
 * judge before. Immutable; one instance serves all requests of a resource, from any thread.
 */
public final class ServerHandshake {
    private static final String VERSION = "13";

    private final List<String> subprotocols;
    private final List<ExtensionAcceptor> extensions;

    /** A handshake without subprotocols and extensions. */
    public ServerHandshake() {
        this(List.of(), List.of());
    }

    /**
     * A handshake that agrees on what the client offers of the following.
     *
     * @param subprotocols the subprotocols that the server speaks, the preferred one first; tokens, each once
     * @param extensions the acceptors that decide on the client's extension offers
     * @throws IllegalArgumentException if a subprotocol is not a token or occurs twice
     */
    public ServerHandshake(List<String> subprotocols, List<ExtensionAcceptor> extensions) {
        this.subprotocols = Tokens.requireUnique("subprotocol", subprotocols);
        this.extensions = List.copyOf(extensions);
    }

    /**
     * {@return this handshake with other acceptors, which decide on the client's extension offers}
     *
     * @param extensions the new ones
     */
    public ServerHandshake withExtensions(List<ExtensionAcceptor> extensions) {
        return new ServerHandshake(subprotocols, extensions);
    }

    /**
     * {@return whether the request wants a WebSocket at all: its Upgrade list contains {@code websocket}} Any other request is
     * plain HTTP and needs another answer, at the least {@link #upgradeRequired}.
     *
     * @param request any request
     */
    public static boolean isUpgrade(HandshakeRequest request) {
        return request.headers().containsToken("Upgrade", "websocket");
    }

    /** {@return the answer 426 (RFC 9110 §15.5.22), which says that this resource speaks WebSocket version 13} */
    public static HandshakeResponse upgradeRequired() {
        return upgradeRequired("this resource speaks WebSocket version 13");
    }

    /**
     * Checks the request in full and agrees on subprotocol and extensions.
     *
     * <p>Rejected with 400: not exactly one valid Host, an ambiguous path, a body, more than one Origin, no
     * {@code websocket} in Upgrade, no {@code Upgrade} in Connection, a key that is not Base64 of 16 bytes, malformed
     * subprotocols or extensions; with 405 and {@code Allow}: a method other than GET; with 426 and
     * {@code Sec-WebSocket-Version: 13}: any other version, or none (RFC 6455 §4.2.1 also permits 400 for none, but 426
     * tells the client what would work).
     *
     * <p>Without an agreed subprotocol the request is accepted (RFC 6455 §4.2.2); a server that needs one looks at
     * {@link Negotiated#subprotocol}.
     *
     * @param request the request as it was received
     * @return the agreement with the response 101, or the refusal with its response
     * @throws IllegalStateException if an acceptor answers an offer under another name
     */
    public HandshakeResult respond(HandshakeRequest request) {
        HandshakeResult.Rejected fault = requestFault(request);
        if (fault != null) {
            return fault;
        }
        String key = request.headers().first("Sec-WebSocket-Key").orElseThrow();
        var response = Headers.of(
                "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", AcceptKey.answer(key));
        return negotiate(request.headers(), 101, response);
    }

    private static HandshakeResult.@Nullable Rejected requestFault(HandshakeRequest request) {
        Headers headers = request.headers();
        if (!request.method().equals("GET")) {
            return rejected(
                    HandshakeResponse.of(405, "method is not GET").withHeader("Allow", "GET"),
                    "method is not GET: " + Tokens.printable(request.method()));
        }
        String fault = request.fault();
        if (fault != null) {
            return rejected(fault);
        }
        if (request.hasBody()) {
            return rejected("handshake has a body");
        }
        if (headers.all("Origin").size() > 1) {
            return rejected("more than one Origin field");
        }
        if (!isUpgrade(request)) {
            return rejected("Upgrade does not contain websocket");
        }
        if (!headers.containsToken("Connection", "Upgrade")) {
            return rejected("Connection does not contain Upgrade");
        }
        HandshakeResult.Rejected version = versionFault(headers);
        return version == null ? keyFault(headers) : version;
    }

    /** §4.4: the refusal if the version is not 13. Like {@link #negotiate}, of use to RFC 8441 too. */
    static HandshakeResult.@Nullable Rejected versionFault(Headers headers) {
        List<String> versions = headers.all("Sec-WebSocket-Version");
        if (versions.equals(List.of(VERSION))) {
            return null;
        }
        if (versions.isEmpty()) {
            return rejected(upgradeRequired("Sec-WebSocket-Version is missing"), "Sec-WebSocket-Version is missing");
        }
        String fact = "Sec-WebSocket-Version is not 13";
        return rejected(upgradeRequired(fact), fact + ": " + Tokens.printable(String.join(", ", versions)));
    }

    private static HandshakeResult.@Nullable Rejected keyFault(Headers headers) {
        List<String> keys = headers.all("Sec-WebSocket-Key");
        if (keys.size() != 1) {
            return rejected("handshake needs exactly one Sec-WebSocket-Key, not " + keys.size());
        }
        return AcceptKey.isKey(keys.getFirst()) ? null : rejected("Sec-WebSocket-Key is not Base64 of 16 bytes");
    }

    /**
     * Agrees on subprotocol and extensions. Nothing here belongs to HTTP/1.1: over HTTP/2 (RFC 8441 §5) the same fields
     * are answered with status 200.
     *
     * @param status the status of success
     * @param response the fields of success so far
     */
    HandshakeResult negotiate(Headers request, int status, Headers response) {
        List<String> offered = request.tokens("Sec-WebSocket-Protocol");
        if (!offered.stream().allMatch(Tokens::isToken)) {
            return rejected("Sec-WebSocket-Protocol is malformed");
        }
        Optional<List<Extension>> offers = Extension.parse(request.all("Sec-WebSocket-Extensions"));
        if (offers.isEmpty()) {
            return rejected("Sec-WebSocket-Extensions is malformed");
        }
        var known = new HashSet<>(offered);
        String subprotocol =
                subprotocols.stream().filter(known::contains).findFirst().orElse("");
        var extensions = accept(offers.get());
        var negotiated = subprotocol.isEmpty() && extensions.isEmpty()
                ? Negotiated.nothing()
                : new Negotiated(subprotocol, extensions);
        Headers headers = response;
        if (!subprotocol.isEmpty()) {
            headers = headers.with("Sec-WebSocket-Protocol", subprotocol);
        }
        if (!negotiated.extensions().isEmpty()) {
            headers = headers.with("Sec-WebSocket-Extensions", ExtensionHeader.format(negotiated.extensions()));
        }
        return new HandshakeResult.Accepted(negotiated, HandshakeResponse.of(status, headers, ""));
    }

    private List<Extension> accept(List<Extension> offers) {
        var accepted = new ArrayList<Extension>();
        var names = new HashSet<String>();
        for (Extension offer : offers) {
            if (!names.contains(offer.name())) {
                answer(offer).ifPresent(answer -> {
                    names.add(answer.name());
                    accepted.add(answer);
                });
            }
        }
        return accepted;
    }

    private Optional<Extension> answer(Extension offer) {
        for (ExtensionAcceptor acceptor : extensions) {
            Optional<Extension> answer = acceptor.accept(offer);
            if (answer.isPresent()) {
                if (!answer.get().name().equals(offer.name())) {
                    throw new IllegalStateException("offer of " + offer.name() + " answered as "
                            + answer.get().name());
                }
                return answer;
            }
        }
        return Optional.empty();
    }

    private static HandshakeResponse upgradeRequired(String body) {
        // RFC 9110 §7.8: who sends Upgrade must also name it in Connection.
        return HandshakeResponse.of(426, body)
                .withHeader("Upgrade", "websocket")
                .withHeader("Connection", "Upgrade")
                .withHeader("Sec-WebSocket-Version", VERSION);
    }

    private static HandshakeResult.Rejected rejected(String why) {
        return rejected(HandshakeResponse.of(400, why), why);
    }

    private static HandshakeResult.Rejected rejected(HandshakeResponse response, String why) {
        return new HandshakeResult.Rejected(response, why);
    }
}
