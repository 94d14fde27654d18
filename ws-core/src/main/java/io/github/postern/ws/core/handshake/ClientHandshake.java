package io.github.postern.ws.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one attempt to open a WebSocket (RFC 6455 §4.1). Immutable; every attempt needs its own, with a
 * fresh nonce.
 */
public final class ClientHandshake {
    private static final Set<String> OWN_FIELDS = ownFields();

    private final HandshakeRequest request;
    private final String key;
    private final List<String> subprotocols;
    private final Map<String, ExtensionOffer> extensions;

    /**
     * A handshake with one server.
     *
     * @param host the value of the Host field, see {@link #hostField}
     * @param target the resource name: path and query of the URI as written, without the fragment; an empty path becomes
     *     {@code /}
     * @param nonce 16 random bytes (RFC 6455 §4.1), never used before
     * @param subprotocols the subprotocols to offer, the preferred one first; tokens, each once
     * @param extensions the extensions to offer, the preferred one first
     * @param extra further header fields, such as Origin, Cookie or Authorization
     * @throws IllegalArgumentException if any of them is not valid: host, target (also if it has a fragment), the length
     *     of the nonce, a subprotocol that is not a token or occurs twice, an extension without alternatives, with
     *     alternatives of several names or of the name of another one, an extra field that the handshake sets itself
     */
    public ClientHandshake(
            String host,
            String target,
            byte[] nonce,
            List<String> subprotocols,
            List<ExtensionOffer> extensions,
            Headers extra) {
        if (!RequestTarget.isAuthority(host)) {
            throw new IllegalArgumentException("not a host: " + Tokens.printable(host));
        }
        if (nonce.length != AcceptKey.NONCE_LENGTH) {
            throw new IllegalArgumentException("nonce is not 16 bytes: " + nonce.length);
        }
        this.key = AcceptKey.key(nonce);
        this.subprotocols = Tokens.requireUnique("subprotocol", subprotocols);
        this.extensions = new HashMap<>();
        var headers = Headers.builder()
                .add("Host", host)
                .add("Upgrade", "websocket")
                .add("Connection", "Upgrade")
                .add("Sec-WebSocket-Key", key)
                .add("Sec-WebSocket-Version", "13");
        if (!subprotocols.isEmpty()) {
            headers.add("Sec-WebSocket-Protocol", String.join(", ", subprotocols));
        }
        if (!extensions.isEmpty()) {
            headers.add("Sec-WebSocket-Extensions", ExtensionHeader.format(register(extensions)));
        }
        headers.addAll(requireForeign(extra));
        boolean emptyPath = target.isEmpty() || target.startsWith("?");
        this.request = new HandshakeRequest("GET", emptyPath ? '/' + target : target, headers.build());
    }

    /**
     * {@return the value of the Host field: without the port if it is the default one (RFC 6455 §4.1), an IPv6 address in brackets
     * and without its zone}
     *
     * @param host name or address, an IPv6 address with or without brackets
     * @param port 1 to 65535
     * @param secure whether the connection is over TLS (wss)
     * @throws IllegalArgumentException if the host is not valid or the port is out of range
     */
    public static String hostField(String host, int port, boolean secure) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
        String name = host;
        if (host.indexOf(':') >= 0) {
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            String address = bracketed ? host.substring(1, host.length() - 1) : host;
            int zone = address.indexOf('%'); // RFC 6874 §3: it means nothing to another host
            name = '[' + (zone < 0 ? address : address.substring(0, zone)) + ']';
        }
        String field = port == (secure ? 443 : 80) ? name : name + ':' + port;
        if (!RequestTarget.isAuthority(field)) {
            throw new IllegalArgumentException("not a host: " + Tokens.printable(host));
        }
        return field;
    }

    /** {@return the request to send} */
    public HandshakeRequest request() {
        return request;
    }

    /**
     * Checks the server's response in full. Unless it is accepted, no byte after it may be interpreted as a frame.
     *
     * @param response the response, which is not interim (see {@link HandshakeResponse#isInterim})
     * @return what was agreed on; or why not, with the response, which may call for authentication or be a redirect
     */
    public HandshakeResult check(HandshakeResponse response) {
        String fault = upgradeFault(response);
        if (fault != null) {
            return new HandshakeResult.Rejected(response, fault);
        }
        Headers headers = response.headers();
        fault = subprotocolFault(headers);
        if (fault != null) {
            return new HandshakeResult.Rejected(response, fault);
        }
        Optional<List<Extension>> answers = Extension.parse(headers.all("Sec-WebSocket-Extensions"));
        fault = answers.isEmpty() ? "Sec-WebSocket-Extensions is malformed" : extensionFault(answers.get());
        if (fault != null) {
            return new HandshakeResult.Rejected(response, fault);
        }
        String subprotocol = headers.first("Sec-WebSocket-Protocol").orElse("");
        List<Extension> agreed =
                answers.orElseThrow().stream().map(this::agreement).toList();
        return new HandshakeResult.Accepted(new Negotiated(subprotocol, agreed), response);
    }

    private @Nullable String upgradeFault(HandshakeResponse response) {
        Headers headers = response.headers();
        if (response.status() != 101) {
            List<String> versions = headers.tokens("Sec-WebSocket-Version");
            String wanted = versions.isEmpty()
                    ? ""
                    : "; server speaks versions " + Tokens.printable(String.join(", ", versions));
            return "status is not 101: " + response.status() + wanted;
        }
        List<String> upgrade = headers.tokens("Upgrade");
        if (upgrade.isEmpty() || !upgrade.stream().allMatch("websocket"::equalsIgnoreCase)) {
            return "Upgrade is not websocket";
        }
        if (!headers.containsToken("Connection", "Upgrade")) {
            return "Connection does not contain Upgrade";
        }
        List<String> accepts = headers.all("Sec-WebSocket-Accept");
        if (accepts.size() != 1) {
            return "response needs exactly one Sec-WebSocket-Accept, not " + accepts.size();
        }
        byte[] expected = AcceptKey.answer(key).getBytes(ISO_8859_1);
        boolean proven = MessageDigest.isEqual(expected, accepts.getFirst().getBytes(ISO_8859_1));
        return proven ? null : "Sec-WebSocket-Accept does not answer the key";
    }

    private @Nullable String subprotocolFault(Headers headers) {
        List<String> chosen = headers.all("Sec-WebSocket-Protocol");
        if (chosen.size() > 1) {
            return "more than one Sec-WebSocket-Protocol: " + chosen.size();
        }
        if (chosen.isEmpty() || subprotocols.contains(chosen.getFirst())) {
            return null;
        }
        return "subprotocol was not offered: " + Tokens.printable(chosen.getFirst());
    }

    private @Nullable String extensionFault(List<Extension> answers) {
        var open = new HashMap<>(extensions);
        for (Extension answer : answers) {
            ExtensionOffer offer = open.remove(answer.name());
            String name = Tokens.printable(answer.name());
            if (offer == null) {
                return "extension was %s: %s"
                        .formatted(extensions.containsKey(answer.name()) ? "answered twice" : "not offered", name);
            }
            Optional<String> objection = offer.objection(answer);
            if (objection.isPresent()) {
                return "extension " + name + ": " + Tokens.printable(objection.get());
            }
        }
        return null;
    }

    private Extension agreement(Extension answer) {
        return Objects.requireNonNull(extensions.get(answer.name())).agreement(answer);
    }

    /** Remembers the offers by name and returns their elements. */
    private List<Extension> register(List<ExtensionOffer> offers) {
        var elements = new ArrayList<Extension>();
        for (ExtensionOffer offer : offers) {
            List<Extension> alternatives = List.copyOf(offer.alternatives());
            if (alternatives.isEmpty()) {
                throw new IllegalArgumentException("extension offer without alternatives");
            }
            String name = alternatives.getFirst().name();
            if (!alternatives.stream().allMatch(element -> element.name().equals(name))) {
                throw new IllegalArgumentException("extension offer of several names: " + alternatives);
            }
            if (extensions.put(name, offer) != null) {
                throw new IllegalArgumentException("extension offered twice: " + name);
            }
            elements.addAll(alternatives);
        }
        return elements;
    }

    private static Headers requireForeign(Headers extra) {
        extra.forEach((name, value) -> {
            if (OWN_FIELDS.contains(name)) {
                throw new IllegalArgumentException("header is set by the handshake: " + name);
            }
        });
        return extra;
    }

    private static Set<String> ownFields() {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(List.of("Host", "Upgrade", "Connection", "Content-Length", "Transfer-Encoding"));
        names.addAll(List.of("Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Accept"));
        names.addAll(List.of("Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"));
        return names;
    }
}
