package io.github.postern.verify.conformance;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A client's opening handshake (RFC 6455 §4.1), and its masks (§5.3). */
final class ClientHandshakeCases {
    private ClientHandshakeCases() {}

    static List<Case<ClientTarget>> list() {
        var cases = CaseList.<ClientTarget>rfc6455();
        requests(cases);
        offersAndKeys(cases);
        accepted(cases);
        acceptedInParts(cases);
        refused(cases);
        otherStatuses(cases);
        masks(cases);
        return cases.toList();
    }

    private static void requests(CaseList<ClientTarget> cases) {
        request(cases, "get", "A request is a GET of HTTP/1.1 or higher.", "GET /… HTTP/1.1", request -> {
            return request.start().matches("GET /\\S* HTTP/1\\.1") ? "" : request.start();
        });
        request(cases, "host", "Host holds the host, and the port that is not the default.", "host:port", request -> {
            return request.only("Host").matches("[^\\s:/?#@]+:[0-9]+|\\[[0-9a-f:.]+]:[0-9]+")
                    ? ""
                    : "" + request.all("Host");
        });
        request(cases, "upgrade", "Upgrade names websocket.", "websocket", request -> {
            return request.lists("Upgrade", "websocket") ? "" : "" + request.all("Upgrade");
        });
        request(cases, "connection", "Connection names Upgrade.", "Upgrade", request -> {
            return request.lists("Connection", "Upgrade") ? "" : "" + request.all("Connection");
        });
        request(cases, "version", "The version is 13.", "13", request -> {
            return request.only(Handshake.VERSION).equals("13") ? "" : "" + request.all(Handshake.VERSION);
        });
        request(cases, "key", "The key is 16 bytes in Base64.", "16 bytes in Base64", request -> {
            return Handshake.isKey(request.only(Handshake.KEY)) ? "" : "" + request.all(Handshake.KEY);
        });
        request(cases, "subprotocols", "Subprotocols are unique tokens.", "unique tokens", request -> {
            var offered = request.list(Handshake.PROTOCOL);
            boolean good =
                    offered.stream().allMatch(HeaderText::isToken) && new HashSet<>(offered).size() == offered.size();
            return good ? "" : "" + offered;
        });
        request(cases, "no-body", "A request has no body.", "no Content-Length and no Transfer-Encoding", request -> {
            var length = request.only("Content-Length");
            boolean none = request.all("Transfer-Encoding").isEmpty() && (length.isEmpty() || length.equals("0"));
            return none ? "" : "" + request.fields();
        });
    }

    private static void offersAndKeys(CaseList<ClientTarget> cases) {
        cases.add("4.1-request-extensions", "Offered extensions are well-formed.", client -> {
            var offers = Extension.parse(client.request().all(Handshake.EXTENSIONS));
            for (var offer : offers) {
                var faults = offer.name().equals(Extension.DEFLATE) ? DeflateAgreement.faults(offer, false) : List.of();
                Handshake.require(faults.isEmpty(), "a valid offer (RFC 7692 §7.1)", faults);
            }
            client.open().echo(Frame.text("Hello"));
        });
        for (int i = 1; i <= 3; i++) {
            cases.add("4.1-new-key-" + i, "The key is new for each connection, time " + i + ".", client -> {
                var key = client.request().only(Handshake.KEY);
                Handshake.require(client.visits().isNewKey(key), "a key that was not used before", key);
                client.open().echo(Frame.text("Hello"));
            });
        }
    }

    @FunctionalInterface
    private interface Check {
        /** What is wrong; empty if nothing is. */
        String fault(Head request);
    }

    private static void request(CaseList<ClientTarget> cases, String name, String rule, String expected, Check check) {
        cases.add("4.1-request-" + name, rule, client -> {
            var fault = check.fault(client.request());
            Handshake.require(fault.isEmpty(), expected, fault);
            client.open().echo(Frame.text("Hello"));
        });
    }

    @FunctionalInterface
    private interface Change {
        Head of(Head response);
    }

    private static void accepted(CaseList<ClientTarget> cases) {
        accepts(cases, "plain", "A valid response is accepted.", response -> response);
        accepts(
                cases,
                "upgrade-case",
                "Upgrade is compared in any case.",
                response -> response.set("Upgrade", "WebSocket"));
        accepts(
                cases,
                "connection-case",
                "Connection is compared in any case.",
                response -> response.set("Connection", "uPGRADE"));
        accepts(
                cases,
                "connection-list",
                "Connection is a list.",
                response -> response.set("Connection", "keep-alive, Upgrade"));
        accepts(
                cases,
                "connection-fields",
                "Connection may come in several fields.",
                response -> response.set("Connection", "keep-alive").with("Connection", "upgrade"));
        accepts(cases, "accept-space", "White space around Accept is not part of it.", response -> {
            return response.set(Handshake.ACCEPT, " \t " + response.only(Handshake.ACCEPT) + " \t ");
        });
        accepts(
                cases,
                "reason",
                "The reason phrase does not matter.",
                response -> response.withStart("HTTP/1.1 101 Sure"));
        accepts(cases, "no-reason", "The reason phrase may be empty.", response -> response.withStart("HTTP/1.1 101 "));
        accepts(cases, "unknown-fields", "Unknown fields are ignored.", response -> response.with("X-Unknown", "yes"));
    }

    private static void acceptedInParts(CaseList<ClientTarget> cases) {
        cases.add(
                "4.1-accepts-frames-behind-response",
                "Bytes behind the response, in the same segment, are frames.",
                client -> {
                    var hello = Frame.text("Hello");
                    client.wire().write(joined(client.response().encode(), hello.encode()));
                    new Peer(client.wire(), Role.CLIENT, Optional.empty()).expectEcho(hello);
                });
        cases.add("4.1-accepts-byte-by-byte", "A response may arrive byte by byte.", client -> {
            client.wire().writeInPieces(client.response().encode(), 1);
            new Peer(client.wire(), Role.CLIENT, Optional.empty()).echo(Frame.text("Hello"));
        });
        cases.advise(
                "4.1-accepts-interim", "An interim response of status 103 may come first (RFC 9110 §15.2).", client -> {
                    client.wire().write(Head.of("HTTP/1.1 103 Early Hints").encode());
                    client.open().echo(Frame.text("Hello"));
                });
        cases.add("4.1-nothing-before-response", "A client sends nothing before the response.", client -> {
            client.wire().waitAtMost(Duration.ofMillis(200));
            try {
                int first = client.wire().read();
                throw Finding.failed("nothing before the response", first < 0 ? "the end" : "byte " + first);
            } catch (SocketTimeoutException e) {
                client.open().echo(Frame.text("Hello"));
            }
        });
    }

    private static byte[] joined(byte[] first, byte[] second) {
        var bytes = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, bytes, first.length, second.length);
        return bytes;
    }

    private static void accepts(CaseList<ClientTarget> cases, String name, String rule, Change change) {
        cases.add(
                "4.1-accepts-" + name,
                rule,
                client -> client.open(change.of(client.response())).echo(Frame.text("Hello")));
    }

    private static void refused(CaseList<ClientTarget> cases) {
        refuses(cases, "no-accept", "A response has an Accept.", response -> response.without(Handshake.ACCEPT));
        refuses(cases, "wrong-accept", "Accept answers the key.", response -> {
            return response.set(Handshake.ACCEPT, Handshake.accept(Handshake.newKey()));
        });
        refuses(cases, "accept-case", "Accept is compared with its case.", response -> {
            var accept = response.only(Handshake.ACCEPT);
            var other = accept.toLowerCase(Locale.ROOT);
            return response.set(Handshake.ACCEPT, other.equals(accept) ? "A" + accept : other);
        });
        refuses(cases, "empty-accept", "Accept is not empty.", response -> response.set(Handshake.ACCEPT, ""));
        refuses(cases, "no-upgrade", "A response has an Upgrade.", response -> response.without("Upgrade"));
        refuses(cases, "other-upgrade", "Upgrade is websocket.", response -> response.set("Upgrade", "h2c"));
        refuses(cases, "no-connection", "A response has a Connection.", response -> response.without("Connection"));
        refuses(
                cases,
                "other-connection",
                "Connection names Upgrade.",
                response -> response.set("Connection", "keep-alive"));
        refuses(cases, "extension", "An extension that was not offered fails the connection.", response -> {
            return response.with(Handshake.EXTENSIONS, "x-unknown");
        });
        refuses(cases, "malformed-extensions", "Malformed extensions fail the connection.", response -> {
            return response.with(Handshake.EXTENSIONS, "=;");
        });
        refuses(cases, "subprotocol", "A subprotocol that was not offered fails the connection.", response -> {
            return response.with(Handshake.PROTOCOL, "x-unknown.example");
        });
    }

    private static void refuses(CaseList<ClientTarget> cases, String name, String rule, Change change) {
        cases.add("4.1-refuses-" + name, rule, client -> client.expectRefusal(change.of(client.response())));
    }

    private static void otherStatuses(CaseList<ClientTarget> cases) {
        for (var status : List.of(
                "200 OK",
                "204 No Content",
                "400 Bad Request",
                "401 Unauthorized",
                "404 Not Found",
                "503 Service Unavailable")) {
            cases.add(
                    "4.1-status-" + status.substring(0, 3),
                    "No frame is read behind status " + status + ".",
                    client -> {
                        client.expectNoFrame(client.response().withStart("HTTP/1.1 " + status));
                    });
        }
        cases.add("4.1-status-302", "No frame is read behind a redirection.", client -> {
            client.expectNoFrame(client.response()
                    .withStart("HTTP/1.1 302 Found")
                    .with("Location", "/gone")
                    .with("Content-Length", "0"));
        });
        cases.add("4.4-status-426", "A list of versions in several fields ends the handshake in order.", client -> {
            client.expectNoFrame(Head.of(
                    "HTTP/1.1 426 Upgrade Required",
                    Handshake.VERSION,
                    "14, 15",
                    Handshake.VERSION,
                    "16",
                    "Content-Length",
                    "0"));
        });
    }

    private static void masks(CaseList<ClientTarget> cases) {
        cases.add("5.3-fresh-masks", "Each frame has a new mask that cannot be told from those before.", client -> {
            var peer = client.open();
            var masks = new HashSet<Integer>();
            int previous = 0;
            var steps = new HashSet<Integer>();
            for (int i = 0; i < 32; i++) {
                peer.send(Frame.text("Hello"));
                int mask = peer.expect(Frame.TEXT, "the message").mask().orElseThrow();
                masks.add(mask);
                steps.add(mask - previous);
                previous = mask;
            }
            Handshake.require(masks.size() >= 31, "32 different masks", masks.size() + " different ones");
            Handshake.require(steps.size() >= 31, "masks without a pattern", "equal steps from one to the next");
        });
        cases.add("5.3-fresh-masks-control", "A control frame has a new mask, too.", client -> {
            var peer = client.open();
            var masks = new HashSet<Integer>();
            for (int i = 0; i < 8; i++) {
                peer.send(Frame.ping("Hello"));
                masks.add(peer.expect(Frame.PONG, "a Pong").mask().orElseThrow());
            }
            Handshake.require(masks.size() >= 7, "8 different masks", masks.size() + " different ones");
        });
    }
}
