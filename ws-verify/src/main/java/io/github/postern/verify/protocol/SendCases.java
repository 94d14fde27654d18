package io.github.postern.verify.protocol;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** §7 Sending over HTTP. */
final class SendCases {
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(60);

    private SendCases() {}

    static List<Case> list() {
        var section = new Case.Section(7)
                .add("200", "200 | at least one new record was taken in", target -> {
                    var session = target.open();
                    var response = session.post(1, "id:9\ndata:a\n\ndata:b\n\n");
                    Expect.status(200, response);
                    Expect.received(2, response);
                    Expect.equal("a", session.stream().message(1), "the text");
                    Expect.equal("b", session.stream().message(2), "the text");
                })
                .add("204", "nothing new: all records were known already, or the body was empty", target -> {
                    var session = target.open();
                    session.send(1, "data:a\n\ndata:b\n\n");
                    for (var again : List.of(session.body(1, "data:a\n\ndata:b\n\n"), session.body(2, "data:b\n\n"))) {
                        var response = target.ask(again);
                        Expect.status(204, response);
                        Expect.received(2, response);
                    }
                    Expect.status(204, session.acknowledge(0));
                    session.send(3, "data:c\n\n");
                    session.stream().message(1);
                    session.stream().message(2);
                    Expect.equal("c", session.stream().message(3), "the text");
                })
                .add(
                        "known records are skipped",
                        "A POST is taken in whole or not at all, except that records up to the server's position are skipped",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:a\n\n");
                            var more = session.post(1, "data:a\n\ndata:b\n\n");
                            Expect.status(200, more);
                            Expect.received(2, more);
                            session.stream().message(1);
                            Expect.equal("b", session.stream().message(2), "the text");
                        })
                .add("400: whole or not at all", "A POST is taken in whole or not at all", target -> {
                    var session = target.open();
                    for (var bad : List.of(
                            "data:a\n\nevent:binary\ndata:!\n\n",
                            "data:a\n\nevent:text\ndata:/w==\n\n",
                            "data:a\n\nevent:text\n\n",
                            "data:a\n\nevent:close\ndata:code=1\n\n",
                            "event:close\ndata:code=1000\n\ndata:a\n\n")) {
                        var response = session.post(1, bad);
                        Expect.refused(400, "body", response);
                        Expect.received(0, response);
                    }
                    session.send(1, "data:x\n\n");
                    Expect.equal("x", session.stream().message(1), "the text");
                })
                .add("400: the last record", "the final record MUST be ended by its empty line", target -> {
                    var session = target.open();
                    for (var cut : List.of("data:a\n\ndata:b\n", "data:a\n\ndata:b", "data:a")) {
                        Expect.refused(400, "body", session.post(1, cut));
                    }
                })
                .add("400: sequence", "400 | a header is missing or malformed; the body is not well formed", target -> {
                    var session = target.open();
                    var without = session.body(1, "data:x\n\n").without("Postern-Sequence");
                    Expect.refused(400, "header", target.ask(without));
                    Expect.refused(400, "header", session.post(0, "data:x\n\n"));
                })
                .add("403: fenced", "foreign origin or unknown host (§12); fenced by a newer attachment", target -> {
                    var session = target.open();
                    var old = session.body(1, "data:x\n\n");
                    session.attach("sse", 0);
                    var response = target.ask(old);
                    Expect.refused(403, "fenced", response);
                    Expect.received(0, response);
                })
                .add(
                        "409",
                        "gap: `Postern-Sequence` is above the position + 1; `Postern-Expected` tells position + 1",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:a\n\n");
                            var response = session.post(3, "data:c\n\n");
                            Expect.refused(409, "gap", response);
                            Expect.header("Postern-Expected", "2", response);
                            Expect.received(1, response);
                        })
                .add("409 acknowledges", "its acknowledgement also counts when the answer is 409 or 429", target -> {
                    var session = target.open();
                    session.send(1, "data:a\n\n");
                    session.stream().message(1);
                    var gap = session.body(9, "data:c\n\n").with("Last-Event-ID", 1);
                    Expect.refused(409, "gap", target.ask(gap));
                    Expect.refused(400, "position", session.next().poll("sse", 0));
                })
                .add(
                        "410",
                        "A 410 has a body: one `close` record, as §9 says.",
                        target -> expectUnknown(target.ask(Request.post("data:x\n\n")
                                .with("Postern-Session", "nobody")
                                .with("Postern-Epoch", 1)
                                .with("Postern-Sequence", 1))))
                .add("413: message", "413 | body longer than `body`, or a message longer than `max`", target -> {
                    var session = target.open();
                    int max = Math.toIntExact(session.attached().number("max"));
                    Expect.refused(413, "size", session.post(1, "data:" + "x".repeat(max + 1) + "\n\n"));
                    session.send(1, "data:" + "x".repeat(max) + "\n\n");
                    Expect.equal(max, session.stream().message(1).length(), "the length");
                })
                .add("413: body", "body longer than `body`", target -> {
                    var session = target.open();
                    int most = Math.toIntExact(session.attached().number("body"));
                    var fitting = ":" + "x".repeat(most - 10) + "\ndata:x\n\n";
                    Expect.equal(most, fitting.length(), "the body has");
                    Expect.refused(413, "size", session.post(1, ":" + fitting));
                    Expect.status(200, session.post(1, fitting));
                });
        return more(section).toList();
    }

    private static Case.Section more(Case.Section section) {
        return section.add("415", "415 | another content type", target -> {
                    var session = target.open();
                    for (var type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")) {
                        var post = session.body(1, "data:x\n\n").without("Content-Type");
                        Expect.refused(415, "type", target.ask(post.with("Content-Type", type)));
                    }
                    Expect.refused(
                            415,
                            "type",
                            target.ask(session.body(1, "data:x\n\n").without("Content-Type")));
                    var right = session.body(1, "data:x\n\n").without("Content-Type");
                    Expect.status(200, target.ask(right.with("Content-Type", "Text/Event-Stream; charset=UTF-8")));
                })
                .add("406", "406 (`type`) when `Accept` does not admit `text/event-stream`", target -> {
                    var get = Request.get().with("Postern-Epoch", 1);
                    Expect.refused(406, "type", target.ask(get.with("Accept", "text/html, application/json")));
                })
                .add("408", "408 | the body did not arrive within 60 s", target -> {
                    var session = target.open();
                    var request = session.body(1, "data:x\n\n").without("Content-Length");
                    var response =
                            target.ask(request.with("Content-Length", 100), BODY_TIMEOUT.plus(target.patience()));
                    Expect.refused(408, "time", response);
                    Expect.received(0, response);
                })
                .add(
                        "429",
                        "429 | the application does not keep up, or too many sessions from this address; with `Retry-After`",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:!stop\n\n");
                            long next = 2;
                            var response = session.post(next, "data:x\n\n".repeat(250));
                            while (response.status() == 200 && next < 100_000) {
                                next += 250;
                                response = session.post(next, "data:x\n\n".repeat(250));
                            }
                            Expect.refused(429, "busy", response);
                            Expect.that(response.has("Retry-After"), "Retry-After", "none");
                            Expect.received(next - 1, response);
                        })
                .add(
                        "errors say nothing",
                        "All other errors have a short `text/plain` body that programs do not read.",
                        target -> {
                            var session = target.open();
                            expectPlain(session.post(9, "data:x\n\n"));
                            expectPlain(session.post(1, "data"));
                            expectPlain(target.ask(Request.of("PUT").with("Content-Length", 0)));
                            expectPlain(target.ask(Request.get().with("Postern-Epoch", "x")));
                        })
                .add("no exceptions", "No answer holds anything of an exception.", target -> {
                    for (var path : List.of("%00", "..%2f", "%ff")) {
                        var get = Request.get().with("Postern-Epoch", path).with("Last-Event-ID", path);
                        expectPlain(target.ask(get));
                    }
                })
                .add(
                        "errors of GET",
                        "`GET` uses 400, 401, 403, 410, 429 and 503 in the same sense",
                        target -> expectUnknown(target.ask(
                                Request.get().with("Postern-Session", "nobody").with("Postern-Epoch", 1))));
    }

    static void expectUnknown(Response response) throws Broken, IOException {
        Expect.refused(410, "session", response);
        var close = response.event("close");
        Expect.equal("4410", close.parameter("code"), "the code");
        Expect.equal("session unknown", close.parameter("reason"), "the reason");
        response.end();
    }

    private static void expectPlain(Response response) throws Broken, IOException {
        var type = String.valueOf(response.header("Content-Type"));
        Expect.that(response.status() >= 400 && type.startsWith("text/plain"), "an error in plain text", type);
        var text = response.text();
        Expect.that(text.length() < 200, "a short body", text);
        Expect.that(!text.matches("(?s).*(Exception|\\bat [a-z]+\\.|\\.java|Error).*"), "no exception", text);
    }
}
