package io.github.postern.verify.protocol;

import java.io.IOException;
import java.util.List;

/** §9 Closing. */
final class CloseCases {
    private CloseCases() {}

    private static String close(int code, String reason) {
        return "event:close\ndata:code=" + code + "&reason=" + reason + "\n\n";
    }

    private static void expectGone(Response response, String code) throws Broken, IOException {
        Expect.refused(410, "session", response);
        Expect.equal(code, response.event("close").parameter("code"), "the code");
        response.end();
    }

    static List<Case> list() {
        return new Case.Section(9)
                .add(
                        "the server closes",
                        "**Server closes**: `close` record behind the last message (SSE and polls: then the response ends).",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:a\n\ndata:!close 3001 so long & thanks\n\n");
                            Expect.equal("a", session.stream().message(1), "the text");
                            var close = session.stream().event("close");
                            Expect.equal(2L, close.number(), "the number");
                            Expect.equal("3001", close.parameter("code"), "the code");
                            Expect.equal("so long & thanks", close.parameter("reason"), "the reason");
                            session.stream().end();
                        })
                .add(
                        "the server's close is repeated",
                        "Until then, and until the session expires, the messages and the close are repeated on each attach.",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:a\n\ndata:!close 3001 over\n\n");
                            for (var transport : List.of("sse", "long-polling", "polling")) {
                                var again = session.attach(transport, 0);
                                Expect.equal("a", again.message(1), "the text");
                                Expect.equal(2L, again.event("close").number(), "the number");
                            }
                        })
                .add(
                        "the server's close is acknowledged",
                        "To a GET, or a POST with new messages, it answers 410, and the body repeats the `close` record; a POST without anything new gets 204.",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:!close 3001 over\n\n");
                            var unused = session.stream().event("close");
                            Expect.status(204, session.acknowledge(1));
                            expectGone(session.next().poll("sse", 1), "3001");
                            expectGone(session.post(2, "data:x\n\n"), "3001");
                            Expect.status(204, session.post(1, "data:x\n\n"));
                            Expect.status(204, session.acknowledge(1));
                        })
                .add(
                        "the server closes a WebSocket",
                        "The client acknowledges its number (WebSocket: `ack`, then it closes the WebSocket;",
                        target -> {
                            var peer = target.openWebSocket();
                            peer.text("!close 3001 over");
                            var close = peer.nextControl("close");
                            Expect.equal(1L, close.number(), "the number");
                            peer.ack(1);
                            peer.expectClose(3001);
                        })
                .add(
                        "the client closes",
                        "HTTP: `close` as the last record of a POST, whose 200 or 204 is the confirmation; an open response is ended with a `close` record.",
                        target -> {
                            var session = target.open();
                            var closing = session.post(1, "data:a\n\n" + close(3002, "bye"));
                            Expect.status(200, closing);
                            Expect.received(2, closing);
                            var rest = session.stream().rest();
                            Expect.that(
                                    !rest.isEmpty() && rest.getLast().event().equals("close"), "a close record", rest);
                            Expect.status(204, session.post(1, "data:a\n\n" + close(3002, "bye")));
                            expectGone(session.next().poll("sse", 0), "3002");
                        })
                .add(
                        "the client closes a WebSocket",
                        "**Client closes**: WebSocket: `close` record; the server answers with its own `close` and then a Close frame.",
                        target -> {
                            var peer = WebSocketPeer.connect(target, "postern.v1");
                            var session = Session.of(target, peer, peer.attach("epoch=1"));
                            peer.control("event:close\nid:1\ndata:code=3002&reason=bye\n\n");
                            Expect.equal("3002", peer.nextControl("close").parameter("code"), "the code");
                            peer.expectClose(3002);
                            expectGone(session.next().poll("sse", 0), "3002");
                        })
                .add(
                        "a close acknowledges",
                        "`received` in the server's `close` acknowledges, as everywhere",
                        target -> {
                            var peer = target.openWebSocket();
                            peer.text("!push 1 1");
                            peer.text("!close 3001 over");
                            Expect.equal(2L, peer.nextClose().number("received"), "received");
                            var answered = target.openWebSocket();
                            answered.text("x");
                            answered.control("event:close\nid:2\ndata:code=3002&reason=bye\n\n");
                            Expect.equal(2L, answered.nextClose().number("received"), "received");
                            var session = target.open();
                            session.send(1, "data:!push 1 1\n\n" + close(3002, "bye"));
                            var rest = session.stream().rest();
                            Expect.equal(2L, rest.getLast().number("received"), "received");
                        })
                .add(
                        "codes",
                        "a code that RFC 6455 §7.4 lets an endpoint send: 1000…1003, 1007…1014, 3000…4999; 1005 for \"none given\"",
                        target -> {
                            for (int code : new int[] {0, 999, 1004, 1006, 1015, 2999, 5000}) {
                                Expect.refused(400, "body", target.open().post(1, close(code, "")));
                            }
                            for (int code : new int[] {1000, 1003, 1005, 1007, 1014, 3000, 4399, 4600, 4999}) {
                                Expect.status(200, target.open().post(1, close(code, "")));
                            }
                        })
                .add("reasons", "reason at most 123 bytes of UTF-8", target -> {
                    Expect.refused(400, "body", target.open().post(1, close(1000, "x".repeat(124))));
                    Expect.refused(400, "body", target.open().post(1, close(1000, "%C3%BC".repeat(62))));
                    var session = target.open();
                    Expect.status(200, session.post(1, close(1000, "%C3%BC".repeat(61) + "x")));
                    var gone = session.next().poll("sse", 0);
                    Expect.equal("ü".repeat(61) + "x", gone.event("close").parameter("reason"), "the reason");
                })
                .add(
                        "the protocol's codes",
                        "Codes 4400…4599 belong to this protocol; applications do not send them.",
                        target -> {
                            Expect.refused(400, "body", target.open().post(1, close(4400, "")));
                            Expect.refused(400, "body", target.open().post(1, close(4599, "")));
                        })
                .add(
                        "an unknown secret",
                        "To an unknown secret it answers 410 with `code=4410&reason=session+unknown`.",
                        target -> {
                            var get = Request.get().with("Postern-Epoch", 1).with("Postern-Session", "A".repeat(22));
                            SendCases.expectUnknown(target.ask(get));
                            var post =
                                    Request.post("").with("Postern-Epoch", 1).with("Postern-Session", "A".repeat(22));
                            SendCases.expectUnknown(target.ask(post));
                        })
                .toList();
    }
}
