package io.github.postern.verify.conformance;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A server's opening handshake (RFC 6455 §4.2). */
final class ServerHandshakeCases {
    private ServerHandshakeCases() {}

    static List<Case<ServerTarget>> list() {
        var cases = CaseList.<ServerTarget>rfc6455();
        accepted(cases);
        acceptedFields(cases);
        malformed(cases);
        keys(cases);
        versions(cases);
        subprotocols(cases);
        extensions(cases);
        policy(cases);
        segments(cases);
        return cases.toList();
    }

    @FunctionalInterface
    private interface Change {
        Head of(Head request);
    }

    private static void accepted(CaseList<ServerTarget> cases) {
        accepts(cases, "plain", "A valid request is accepted, with the right Accept.", request -> request);
        accepts(
                cases,
                "upgrade-case",
                "Upgrade is compared in any case.",
                request -> request.set("Upgrade", "WebSocket"));
        accepts(cases, "upgrade-list", "Upgrade is a list.", request -> request.set("Upgrade", "h2c, websocket"));
        accepts(
                cases,
                "connection-list",
                "Connection is a list, compared in any case.",
                request -> request.set("Connection", "keep-alive, uPGRADE"));
        accepts(
                cases,
                "connection-fields",
                "Connection may come in several fields.",
                request -> request.set("Connection", "keep-alive").with("Connection", "Upgrade"));
        accepts(cases, "names-case", "The names of fields are compared in any case.", request -> {
            return new Head(
                    request.start(),
                    request.fields().stream()
                            .map(field -> new Head.Field(field.name().toUpperCase(Locale.ROOT), field.value()))
                            .toList());
        });
    }

    private static void acceptedFields(CaseList<ServerTarget> cases) {
        accepts(cases, "field-space", "White space around a value is not part of it.", request -> {
            return request.set("Upgrade", " \t websocket \t ").set(Handshake.VERSION, "  13  ");
        });
        accepts(
                cases,
                "unknown-fields",
                "Unknown fields are ignored.",
                request -> request.with("X-Unknown", "\"a,b;c\""));
        cases.add("4.2.1-byte-by-byte", "A request may arrive byte by byte.", server -> {
            var wire = server.connect();
            var request = server.request();
            wire.writeInPieces(request.encode(), 1);
            Handshake.check(Head.read(wire), request);
        });
        cases.add("4.2.2-accept-example", "The Accept of the RFC's example is right (§1.3).", server -> {
            var response = server.ask(server.request().set(Handshake.KEY, "dGhlIHNhbXBsZSBub25jZQ=="));
            Handshake.require(
                    response.only(Handshake.ACCEPT).equals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                    "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                    response.all(Handshake.ACCEPT));
        });
    }

    private static void accepts(CaseList<ServerTarget> cases, String name, String rule, Change change) {
        cases.add(
                "4.2.1-" + name,
                rule,
                server -> server.open(change.of(server.request())).echo(Frame.text("Hello")));
    }

    private static void malformed(CaseList<ServerTarget> cases) {
        refuses(cases, "post", "A handshake is a GET.", request -> {
            return request.withStart(request.start().replace("GET", "POST")).with("Content-Length", "0");
        });
        refuses(cases, "http-1.0", "A handshake is HTTP/1.1 or higher.", request -> {
            return request.withStart(request.start().replace("HTTP/1.1", "HTTP/1.0"));
        });
        refuses(cases, "no-host", "A handshake has a Host.", request -> request.without("Host"));
        refuses(cases, "two-hosts", "A handshake has one Host.", request -> request.with("Host", "other.example"));
        refuses(cases, "no-upgrade", "A handshake has an Upgrade.", request -> request.without("Upgrade"));
        refuses(cases, "other-upgrade", "Upgrade names websocket.", request -> request.set("Upgrade", "websockets"));
        refuses(cases, "no-connection", "A handshake has a Connection.", request -> request.without("Connection"));
        refuses(
                cases,
                "other-connection",
                "Connection names Upgrade.",
                request -> request.set("Connection", "keep-alive"));
        cases.advise(
                "4.2.1-field-name-space", "A space before the colon of a field is refused (RFC 9112 §5.1).", server -> {
                    expectRefusal(
                            server,
                            new Head(
                                    server.request().start() + "\r\nX-Broken : value",
                                    server.request().fields()));
                });
    }

    private static void refuses(CaseList<ServerTarget> cases, String name, String rule, Change change) {
        cases.add("4.2.1-" + name, rule, server -> expectRefusal(server, change.of(server.request())));
    }

    /** Any status but 101 will do that says no; a server that only closes TCP is not as helpful. */
    private static void expectRefusal(ServerTarget server, Head request) throws Finding, IOException {
        var expected = "a refusal with a status of 4xx";
        Head response;
        try {
            response = server.ask(request);
        } catch (SocketTimeoutException e) {
            throw Finding.failed(expected, "nothing");
        } catch (IOException e) {
            throw Finding.informational(expected, "TCP closed without a response");
        }
        int status = response.status();
        Handshake.require(status != 101, expected, response.start());
        if (status != 505 && (status < 400 || status > 499)) { // 505: not this version of HTTP
            throw Finding.informational(expected, response.start());
        }
    }

    private static void keys(CaseList<ServerTarget> cases) {
        refuses(cases, "no-key", "A handshake has a key.", request -> request.without(Handshake.KEY));
        refuses(
                cases,
                "two-keys",
                "A handshake has one key.",
                request -> request.with(Handshake.KEY, Handshake.newKey()));
        refuses(cases, "empty-key", "A key is 16 bytes.", request -> request.set(Handshake.KEY, ""));
        refuses(
                cases,
                "key-of-15",
                "A key is 16 bytes, not 15.",
                request -> request.set(Handshake.KEY, "AAAAAAAAAAAAAAAAAAAA"));
        refuses(
                cases,
                "key-of-17",
                "A key is 16 bytes, not 17.",
                request -> request.set(Handshake.KEY, "AAAAAAAAAAAAAAAAAAAAAAA="));
        refuses(
                cases,
                "key-not-base64",
                "A key is Base64.",
                request -> request.set(Handshake.KEY, "!!!!!!!!!!!!!!!!!!!!!!=="));
    }

    private static void versions(CaseList<ServerTarget> cases) {
        for (var version : List.of("0", "8", "12", "14", "255", "x", "13, 8", "013")) {
            cases.add(
                    "4.2.2-version-" + version.replace(", ", "-and-"),
                    "Another version than 13 is answered by 426 with a list of versions: " + version + ".",
                    server -> {
                        var response = server.ask(server.request().set(Handshake.VERSION, version));
                        expectVersions(response, 426);
                    });
        }
        cases.add("4.2.2-version-missing", "A handshake has a version.", server -> {
            var response = server.ask(server.request().without(Handshake.VERSION));
            expectVersions(response, response.status() == 400 ? 400 : 426);
        });
    }

    private static void expectVersions(Head response, int status) throws Finding {
        Handshake.require(response.status() != 101, "status " + status, response.start());
        var observed = response.start() + ", " + Handshake.VERSION + ": " + response.all(Handshake.VERSION);
        boolean named = response.list(Handshake.VERSION).contains("13") || status == 400;
        Handshake.require(named, Handshake.VERSION + ": 13", observed);
        if (response.status() != status) {
            throw Finding.informational("status " + status, observed);
        }
    }

    private static void subprotocols(CaseList<ServerTarget> cases) {
        cases.add("4.2.2-no-subprotocol", "A server does not invent a subprotocol.", server -> {
            server.open(server.request()).echo(Frame.text("Hello"));
        });
        cases.add("4.2.2-subprotocol", "A server names one of the offered subprotocols, or none.", server -> {
            var request = server.request().with(Handshake.PROTOCOL, "x-first.example, x-second.example");
            server.open(request).echo(Frame.text("Hello"));
        });
        cases.add("4.2.2-subprotocol-fields", "Subprotocols may be offered in several fields.", server -> {
            var request = server.request()
                    .with(Handshake.PROTOCOL, "x-first.example")
                    .with(Handshake.PROTOCOL, "x-second.example");
            server.open(request).echo(Frame.text("Hello"));
        });
    }

    private static void extensions(CaseList<ServerTarget> cases) {
        for (var offer : List.of("x-unknown", "x-unknown; a; b=1, x-other; c=\"d\"")) {
            cases.add("9.1-unknown-" + offer.length(), "An unknown extension is declined: " + offer + ".", server -> {
                server.open(server.requestOffering(offer)).echo(Frame.text("Hello"));
            });
        }
        for (var header : List.of(
                "=", "x-a;", "x-a; =1", "x-a; b=", "x-a b", "x-a; b=\"c", "x-a; b=\"c d\"", "x-a; b=\"\"", ";")) {
            cases.add(
                    "9.1-malformed-" + Hex.of(Frame.utf8(header)).replace(" ", ""),
                    "A malformed offer fails the handshake: " + header,
                    server -> {
                        expectRefusal(server, server.requestOffering(header));
                    });
        }
    }

    /** What a server may decide in its own way. */
    private static void policy(CaseList<ServerTarget> cases) {
        cases.advise("4.2.2-foreign-origin", "An origin that is not acceptable is answered by 403.", server -> {
            var response = server.ask(server.request().with("Origin", "https://elsewhere.invalid"));
            Handshake.require(response.status() == 403, "status 403", response.start());
        });
        cases.advise("4.2.2-unknown-resource", "An unknown resource is answered by 404.", server -> {
            var response = server.ask(server.request().withStart("GET /there/is/nothing HTTP/1.1"));
            Handshake.require(response.status() == 404, "status 404", response.start());
        });
    }

    private static void segments(CaseList<ServerTarget> cases) {
        cases.add("4.1-frames-behind-request", "Bytes behind the request, in the same segment, are frames.", server -> {
            var hello = Frame.text("Hello");
            server.openWith(server.request(), hello.encode(0x11223344)).expectEcho(hello);
        });
        cases.add("4.1-frame-cut-behind-request", "A frame behind the request may be cut.", server -> {
            var hello = Frame.text("Hello");
            var bytes = hello.encode(0x11223344);
            var peer = server.openWith(server.request(), Arrays.copyOf(bytes, 4));
            peer.sendBytes(Arrays.copyOfRange(bytes, 4, bytes.length));
            peer.expectEcho(hello);
        });
        cases.add("4.2.2-nothing-behind-response", "Behind its response a server sends nothing unasked.", server -> {
            server.open().expectNothingYet();
        });
    }
}
