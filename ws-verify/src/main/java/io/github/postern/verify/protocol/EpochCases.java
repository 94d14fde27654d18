package io.github.postern.verify.protocol;

import java.io.IOException;
import java.util.List;

/** §4 Session, epoch, fencing. */
final class EpochCases {
    private static final String SSE = "sse";
    private static final String LONG_POLLING = "long-polling";
    private static final String POLLING = "polling";

    private EpochCases() {}

    private static void expectSuperseded(Response old) throws Broken, IOException {
        expectDetached("superseded", old);
    }

    private static void expectDetached(String reason, Response old) throws Broken, IOException {
        Expect.equal(reason, old.event("detach").parameter("reason"), "the reason");
        old.end();
    }

    static List<Case> list() {
        var section = new Case.Section(4)
                .add("open", "Absent on GET: open a new session.", target -> {
                    for (var transport : List.of(SSE, LONG_POLLING, POLLING)) {
                        var session = Session.open(target, transport);
                        Expect.equal(0L, session.attached().number(), "the position");
                        Expect.equal(1L, session.attached().number("epoch"), "the epoch");
                        Expect.equal(0L, session.attached().number("received"), "received");
                    }
                })
                .add("POST without session", "A POST MUST have it", target -> {
                    var post =
                            Request.post("data:x\n\n").with("Postern-Epoch", 1).with("Postern-Sequence", 1);
                    Expect.refused(400, "header", target.ask(post));
                })
                .add("POST without epoch", "MUST be sent; a GET without it is a bare client's (§13)", target -> {
                    var session = target.open();
                    var post = session.body(1, "data:x\n\n").without("Postern-Epoch");
                    Expect.refused(400, "header", target.ask(post));
                    session.send(1, "data:x\n\n");
                })
                .add(
                        "numbers",
                        "Numbers, positions and epochs are decimal integers without sign or leading zeros, at most 2^53 − 1.",
                        target -> {
                            for (var number : List.of("x", "-1", "+1", "01", "1.0", "", "9007199254740992")) {
                                var get = Request.get().with("Postern-Epoch", number);
                                Expect.refused(400, "header", target.ask(get));
                                var positioned = Request.get().with("Postern-Epoch", 1);
                                Expect.refused(400, "header", target.ask(positioned.with("Last-Event-ID", number)));
                            }
                            var largest = Request.get().with("Postern-Epoch", "9007199254740991");
                            Expect.status(200, target.ask(largest));
                        })
                .add("transports", "`sse` (default), `long-polling`, `polling`", target -> {
                    var get = Request.get().with("Postern-Epoch", 1).with("Postern-Transport", "pigeon");
                    Expect.refused(400, "header", target.ask(get));
                    var stream = target.ask(Request.get().with("Postern-Epoch", 1));
                    var unused = stream.event("attached");
                    stream.expectOpen();
                })
                .add(
                        "padding",
                        "0…4096: the response MUST begin with a comment of about so many bytes (for proxies that hold back the first bytes)",
                        target -> {
                            for (int size : new int[] {2, 2048, 4096}) {
                                var get = Request.get().with("Postern-Epoch", 1).with("Postern-Padding", size);
                                var line = target.ask(get).line();
                                boolean right = line != null
                                        && line.startsWith(":")
                                        && Math.abs(line.length() + 1 - size) <= 16;
                                Expect.that(right, "a comment of about " + size + " bytes", line);
                            }
                            var tooLong = Request.get().with("Postern-Epoch", 1).with("Postern-Padding", 4097);
                            Expect.refused(400, "header", target.ask(tooLong));
                        });
        return takeovers(section).toList();
    }

    private static Case.Section takeovers(Case.Section section) {
        return section.add("a stream is superseded", "*e* > *c*: takes over at once.", target -> {
                    var session = target.open();
                    var next = session.attach(SSE, 0);
                    expectSuperseded(session.stream());
                    session.send(1, "data:x\n\n");
                    Expect.equal("x", next.message(1), "the text");
                })
                .add(
                        "a hanging poll is superseded",
                        "the old attachment is ended as superseded (SSE, hanging poll: `detach` with `reason=superseded`, then the end of the response;",
                        target -> {
                            var session = Session.open(target, LONG_POLLING);
                            var hanging = target.connect();
                            hanging.write(session.get(LONG_POLLING, 0).encode(target.uri()));
                            Expect.that(hanging.isQuietFor(Target.QUIET), "a hanging poll", "an answer");
                            var next = session.attach(SSE, 0);
                            var old = Response.read(hanging, false);
                            expectSuperseded(old);
                            session.send(1, "data:x\n\n");
                            Expect.equal("x", next.message(1), "the text");
                        })
                .add("a WebSocket is superseded", "WebSocket: Close 4403 `superseded`).", target -> {
                    var peer = WebSocketPeer.connect(target, "postern.v1");
                    var session = Session.of(target, peer, peer.attach("epoch=1"));
                    session.attach(SSE, 0);
                    Expect.equal("superseded", peer.expectClose(4403).reason(), "the reason");
                })
                .add(
                        "nothing more for the old one",
                        "The server MUST NOT wait for the old one, nor begin to write another message to it.",
                        target -> {
                            var session = target.open();
                            var next = session.next().body(1, "data:x\n\n"); // takes over, and is echoed
                            Expect.status(200, target.ask(next));
                            expectSuperseded(session.stream());
                        })
                .add(
                        "an old GET is fenced",
                        "*e* < *c*: 403, `Postern-Error: fenced`; nothing of the request is taken in, its acknowledgement included.",
                        target -> {
                            var session = target.open();
                            var old = session.get(SSE, 0);
                            session.attach(SSE, 0);
                            Expect.refused(403, "fenced", target.ask(old));
                        })
                .add(
                        "the answer to an old GET tells the epoch",
                        "To a GET the answer tells *c* as `Postern-Epoch`.",
                        target -> {
                            var session = target.open();
                            var old = session.get(SSE, 0);
                            session.attach(SSE, 0);
                            Expect.header("Postern-Epoch", Long.toString(session.epoch()), target.ask(old));
                        })
                .add(
                        "an old POST is fenced",
                        "nothing of the request is taken in, its acknowledgement included",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:a\n\n");
                            Expect.equal("a", session.stream().message(1), "the text");
                            var old = session.body(2, "data:b\n\n").with("Last-Event-ID", 1);
                            session.attach(SSE, 0);
                            var fenced = target.ask(old);
                            Expect.refused(403, "fenced", fenced);
                            Expect.received(1, fenced);
                            var again = session.attach(SSE, 0); // refused if the acknowledgement had counted
                            Expect.equal("a", again.message(1), "the text");
                        })
                .add("an old WebSocket is fenced", "WebSocket: Close 4403 `fenced`.", target -> {
                    var session = target.open();
                    session.attach(SSE, 0);
                    var peer = WebSocketPeer.connect(target, "postern.v1");
                    peer.control("event:attach\nid:0\ndata:epoch=1&session=" + session.secret() + "\n\n");
                    Expect.equal("fenced", peer.expectClose(4403).reason(), "the reason");
                })
                .add("a second stream of one epoch", "any other attach is fenced as above", target -> {
                    var session = target.open();
                    Expect.refused(403, "fenced", session.poll(SSE, 0));
                    Expect.refused(403, "fenced", session.poll(LONG_POLLING, 0));
                    var polls = Session.open(target, POLLING);
                    Expect.refused(403, "fenced", polls.poll(LONG_POLLING, 0));
                })
                .add(
                        "the next poll of an epoch",
                        "A GET is taken if it is the next poll of the same transport (`long-polling` or `polling`)",
                        target -> {
                            var session = Session.open(target, POLLING);
                            session.send(1, "data:x\n\n");
                            Event event = null;
                            while (event == null) { // the echo may take a moment
                                event = session.poll(POLLING, 0).eventOrEnd();
                            }
                            Expect.equal("x", event.message(), "the text");
                        })
                .add(
                        "two hanging polls",
                        "Of two hanging polls of one epoch the later takes the place of the earlier, which ends with `reason=repeated`",
                        target -> {
                            var session = Session.open(target, LONG_POLLING);
                            var first = target.connect();
                            first.write(session.get(LONG_POLLING, 0).encode(target.uri()));
                            Expect.that(first.isQuietFor(Target.QUIET), "a hanging poll", "an answer");
                            var second = target.connect();
                            second.write(session.get(LONG_POLLING, 0).encode(target.uri()));
                            expectDetached("repeated", Response.read(first, false));
                            session.send(1, "data:x\n\n");
                            Expect.equal("x", Response.read(second, false).message(1), "the text");
                        })
                .add("a POST overtakes its GET", "A POST may overtake the GET of its epoch", target -> {
                    var session = target.open().next();
                    Expect.status(200, session.post(1, "data:x\n\n"));
                    var stream = session.poll(SSE, 0);
                    Expect.equal(2L, stream.event("attached").number("epoch"), "the epoch");
                    Expect.equal("x", stream.message(1), "the text");
                });
    }
}
