package io.github.postern.verify.protocol;

import java.util.HashSet;
import java.util.List;

/** §1 Terms, §2 Endpoint. */
final class EndpointCases {
    private static final int SECRETS = 50;

    private EndpointCases() {}

    static List<Case> terms() {
        return new Case.Section(1)
                .add(
                        "tokens",
                        "Both are opaque strings of at most 128 characters out of `A-Z a-z 0-9 - _`.",
                        target -> {
                            var attached = target.open().attached();
                            for (var name : List.of("session", "public")) {
                                var token = attached.parameter(name);
                                Expect.that(
                                        token.matches("[A-Za-z0-9_-]{1,128}"), "an opaque string as " + name, token);
                            }
                        })
                .add("secrets", "The secret holds at least 128 random bits.", target -> {
                    var secrets = new HashSet<String>();
                    for (int i = 0; i < SECRETS; i++) {
                        var session = Session.open(target, "polling");
                        Expect.that(session.secret().length() >= 22, "22 characters at least", session.secret());
                        Expect.that(
                                !session.secret().contains(session.attached().parameter("public")),
                                "a secret that the id does not tell",
                                session.secret());
                        secrets.add(session.secret());
                    }
                    Expect.equal(SECRETS, secrets.size(), "different secrets:");
                })
                .toList();
    }

    static List<Case> list() {
        return new Case.Section(2)
                .add("accept", "`GET`, `Accept` absent or admitting `text/event-stream` | receive (§6)", target -> {
                    Expect.status(200, target.ask(Request.get().with("Postern-Epoch", 1)));
                    for (var accept :
                            List.of("text/event-stream", "*/*", "text/*;q=0.5", "text/html, Text/Event-Stream;q=0.1")) {
                        var request = Request.get().with("Postern-Epoch", 1);
                        Expect.status(200, target.ask(request.with("Accept", accept)));
                    }
                })
                .add(
                        "spoilt handshake",
                        "the server MUST answer 426, without `Postern-Error`, and open nothing",
                        target -> {
                            var handshake = WebSocketPeer.handshake("postern.v1")
                                    .without("Upgrade")
                                    .without("Connection");
                            var response = target.ask(handshake);
                            Expect.status(426, response);
                            Expect.header("Postern-Error", null, response);
                        })
                .add("methods", "any other method | 405 with `Allow: GET, POST, OPTIONS`", target -> {
                    for (var method : List.of("PUT", "DELETE", "PATCH")) {
                        var response = target.ask(Request.of(method).with("Content-Length", 0));
                        Expect.refused(405, "method", response);
                        Expect.header("Allow", "GET, POST, OPTIONS", response);
                    }
                    Expect.refused(405, "method", target.askHead(Request.of("HEAD")));
                })
                .add("version", "A server MUST answer 400 to a `Postern-Version` header other than `1`", target -> {
                    for (var version : List.of("0", "2", "1.0", "x", "")) {
                        var get = Request.get().with("Postern-Epoch", 1);
                        Expect.refused(400, "header", target.ask(get.with("Postern-Version", version)));
                    }
                    var handshake = WebSocketPeer.handshake("postern.v1");
                    Expect.refused(400, "header", target.ask(handshake.with("Postern-Version", "2")));
                    var post = Request.post("data:x\n\n").with("Postern-Version", "2");
                    Expect.refused(400, "header", target.ask(post));
                    var right = Request.get().with("Postern-Epoch", 1).with("Postern-Version", "1");
                    Expect.status(200, target.ask(right));
                })
                .toList();
    }
}
