package io.github.postern.verify.protocol;

import java.util.List;

/** §5 Attach and resume. */
final class AttachCases {
    private AttachCases() {}

    static List<Case> list() {
        return new Case.Section(5)
                .add(
                        "headers",
                        "HTTP: status 200 and the headers `Postern-Session` (only at open), `Postern-Id`, `Postern-Epoch`, `Postern-Received`",
                        target -> {
                            var session = target.open();
                            var attached = session.attached();
                            Expect.header("Postern-Session", session.secret(), session.stream());
                            Expect.header("Postern-Id", attached.parameter("public"), session.stream());
                            Expect.header("Postern-Epoch", "1", session.stream());
                            Expect.received(0, session.stream());
                            session.send(1, "data:x\n\n");
                            var again = session.attach("sse", 0);
                            Expect.header("Postern-Session", null, again);
                            Expect.header("Postern-Id", attached.parameter("public"), again);
                            Expect.header("Postern-Epoch", "2", again);
                            Expect.received(1, again);
                        })
                .add("secret once", "`session` (only at open)", target -> {
                    var session = target.open();
                    var again = session.next().poll("sse", 0).event("attached");
                    Expect.that(!again.parameters().containsKey("session"), "no secret", again.raw());
                    Expect.equal(session.attached().parameter("public"), again.parameter("public"), "the id");
                })
                .add("attached comes first", "the record `attached`, before any message.", target -> {
                    var session = target.open();
                    session.send(1, "data:x\n\n");
                    for (var transport : List.of("sse", "long-polling", "polling")) {
                        var response = session.next().poll(transport, 0);
                        Expect.equal(session.epoch(), response.event("attached").number("epoch"), "the epoch");
                        Expect.equal("x", response.message(1), "the text");
                    }
                })
                .add("WebSocket: attached comes first", "WebSocket: as the first frame of the server.", target -> {
                    var session = target.open();
                    session.send(1, "data:x\n\n");
                    var peer = WebSocketPeer.connect(target, "postern.v1");
                    peer.control("event:attach\nid:0\ndata:epoch=2&session=" + session.secret() + "\n\n");
                    var first = peer.frame();
                    Expect.that(first.isControl("attached"), "attached", first);
                    Expect.equal(1L, first.event().number("received"), "received");
                    peer.expectText("x");
                })
                .add("received", "`received` is the server's position", target -> {
                    var session = target.open();
                    session.send(1, "data:a\n\ndata:b\n\n");
                    var attached = session.next().poll("polling", 0).event("attached");
                    Expect.equal(2L, attached.number("received"), "received");
                })
                .add(
                        "resume",
                        "The server continues with the message after it, repeating what it had written already.",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:a\n\ndata:b\n\ndata:c\n\n");
                            for (long n = 1; n <= 3; n++) {
                                session.stream().message(n);
                            }
                            var all = session.attach("sse", 0);
                            Expect.equal("a", all.message(1), "the text");
                            var rest = session.next().poll("sse", 2);
                            Expect.equal(2L, rest.event("attached").number(), "the position");
                            Expect.equal("c", rest.message(3), "the text");
                        })
                .add("resume from nothing", "so a client that never saw a message can resume too", target -> {
                    var session = target.open();
                    session.stream().cut();
                    session.send(1, "data:a\n\n");
                    Expect.equal("a", session.attach("sse", 0).message(1), "the text");
                })
                .add(
                        "a position too low",
                        "A position lower than one that the client acknowledged before, or higher than the last number that the server gave out: 400, `Postern-Error: position`",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:a\n\ndata:b\n\n");
                            session.stream().message(1);
                            session.stream().message(2);
                            Expect.status(204, session.acknowledge(2));
                            Expect.refused(400, "position", session.next().poll("sse", 1));
                            Expect.status(200, session.poll("sse", 2));
                        })
                .add("a position too high", "or higher than the last number that the server gave out: 400", target -> {
                    var session = target.open();
                    Expect.refused(400, "position", session.acknowledge(1));
                    Expect.refused(400, "position", session.next().poll("sse", 1));
                    var opening = Request.get().with("Postern-Epoch", 1).with("Last-Event-ID", 1);
                    Expect.refused(400, "position", target.ask(opening));
                })
                .add("WebSocket: a position too high", "(WebSocket: Close 4400).", target -> {
                    var session = target.open();
                    var peer = WebSocketPeer.connect(target, "postern.v1");
                    peer.control("event:attach\nid:1\ndata:epoch=2&session=" + session.secret() + "\n\n");
                    peer.expectClose(4400);
                    var acknowledging = target.openWebSocket();
                    acknowledging.ack(1);
                    acknowledging.expectClose(4400);
                })
                .add(
                        "make before break",
                        "attach the new transport with a higher epoch while the old one is open",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:!push 100 10\n\n");
                            session.stream().message(1);
                            var peer = WebSocketPeer.connect(target, "postern.v1");
                            peer.attach(1, "epoch=2&session=" + session.secret());
                            for (int n = 2; n <= 100; n++) {
                                var frame = peer.next();
                                Expect.that(frame.isText(), "message " + n, frame);
                            }
                            peer.text("x");
                            peer.expectText("x");
                        })
                .toList();
    }
}
