package io.github.postern.verify.protocol;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** §8 WebSocket. */
final class WebSocketCases {
    private static final Duration ATTACH_TIMEOUT = Duration.ofSeconds(10);
    private static final int WINDOW_MESSAGES = 1_000;
    private static final int WINDOW_BYTES = 256 * 1024;

    private WebSocketCases() {}

    static List<Case> list() {
        var section = new Case.Section(8)
                .add("text", "A **text frame** is a text message as it is.", target -> {
                    var peer = target.openWebSocket();
                    for (var text : List.of("", "x", "a\r\nb\rc\n", "grüße 😀", "y".repeat(30_000))) {
                        peer.text(text);
                        peer.expectText(text);
                    }
                })
                .add(
                        "binary",
                        "A **binary frame** begins with a type byte: `01`, the rest is a binary message",
                        target -> {
                            var peer = target.openWebSocket();
                            for (var bytes : List.of("", "\0", "\0event:close\n\n", "\1\u00ff")) {
                                peer.binary("\1" + bytes);
                                Expect.equal("\1" + bytes, peer.next().payload(), "the payload");
                            }
                        })
                .add("heartbeat", "`00` alone is a heartbeat.", target -> {
                    var peer = target.openWebSocket();
                    peer.binary("\0");
                    peer.text("x");
                    peer.expectText("x");
                })
                .add(
                        "no empty line",
                        "`00`, the rest is one control record, whose final empty line may be missing.",
                        target -> {
                            var peer = WebSocketPeer.connect(target, "postern.v1");
                            peer.control("event:attach\nid:0\ndata:epoch=1");
                            var unused = peer.nextControl("attached");
                            peer.control("event:ping\ndata:a=1\n");
                            Expect.equal("a=1", peer.nextControl("pong").data(), "the data");
                        })
                .add("other type bytes", "Another type byte, or none: Close 4400.", target -> {
                    for (var payload : List.of("", "\2", "x", "\u00ff")) {
                        var peer = target.openWebSocket();
                        peer.binary(payload);
                        peer.expectClose(4400);
                    }
                })
                .add(
                        "numbers",
                        "The client's first message after `attach` has the number `received + 1`, the server's first message after `attached` the number `id + 1`; each message counts one up.",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:a\n\n");
                            session.stream().message(1);
                            var peer = WebSocketPeer.connect(target, "postern.v1");
                            peer.attach(1, "epoch=2&session=" + session.secret());
                            peer.text("b");
                            peer.expectText("b");
                            peer.cut();
                            var again = session.next().next().poll("sse", 1);
                            Expect.equal(2L, again.event("attached").number("received"), "received");
                            Expect.equal("b", again.message(2), "the text");
                        })
                .add(
                        "attach first",
                        "The first frame of the client MUST be `attach`, within 10 s (else Close 4408; another frame: Close 4400).",
                        target -> {
                            var peer = WebSocketPeer.connect(target, "postern.v1");
                            peer.wire().patience(ATTACH_TIMEOUT.plus(target.patience()));
                            peer.expectClose(4408);
                        })
                .add("another first frame", "The first frame of the client MUST be `attach`", target -> {
                    for (var first :
                            List.of("event:ping\n\n", "event:attach\n\n", "event:attach\ndata:epoch=0\n\n", "")) {
                        var peer = WebSocketPeer.connect(target, "postern.v1");
                        peer.control(first);
                        peer.expectClose(4400);
                    }
                    var peer = WebSocketPeer.connect(target, "postern.v1");
                    peer.text("hello");
                    peer.expectClose(4400);
                    var twice = target.openWebSocket();
                    twice.control("event:attach\nid:0\ndata:epoch=2\n\n");
                    twice.expectClose(4400);
                })
                .add(
                        "messages behind attach",
                        "a client that has no other transport to fall back to MAY send messages right behind it",
                        target -> {
                            var peer = WebSocketPeer.connect(target, "postern.v1");
                            peer.control("event:attach\nid:0\ndata:epoch=1\n\n");
                            peer.text("x");
                            var unused = peer.nextControl("attached");
                            peer.expectText("x");
                        })
                .add(
                        "ack at 250",
                        "Either side acknowledges with `ack` when 64 KiB or 250 messages are unacknowledged",
                        target -> {
                            var peer = target.openWebSocket();
                            peer.text("!push 1 1");
                            for (int n = 2; n <= 250; n++) {
                                peer.text("x");
                            }
                            long acknowledged = 0;
                            while (acknowledged < 250) {
                                var frame = peer.frame();
                                if (frame.isControl("ack")) {
                                    acknowledged = frame.event().number();
                                }
                            }
                            Expect.equal(250L, acknowledged, "the position");
                        })
                .add("ack after a second", "otherwise 1 s after the oldest unacknowledged message", target -> {
                    var peer = target.openWebSocket();
                    peer.text("x");
                    peer.expectAck(1);
                })
                .add("ack only of something new", "never without something new", target -> {
                    var peer = target.openWebSocket();
                    peer.text("x");
                    peer.expectAck(1);
                    long deadline = System.nanoTime() + Duration.ofMillis(1_300).toNanos();
                    for (long left = 1; left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
                        if (!peer.wire().isQuietFor(Duration.ofMillis(left))) {
                            var frame = peer.frame();
                            Expect.that(!frame.isControl("ack"), "no second acknowledgement", frame);
                        }
                    }
                });
        return more(section).toList();
    }

    private static Case.Section more(Case.Section section) {
        return section.add(
                        "window of messages",
                        "A side MUST NOT write a message if more than 1,000 messages or 256 KiB of data, that one included, would then be written and unacknowledged; it waits for an `ack`.",
                        target -> {
                            var peer = target.openWebSocket();
                            peer.text("!push 1200 1");
                            expectMessages(peer, WINDOW_MESSAGES);
                            peer.expectQuiet(Target.QUIET);
                            peer.ack(WINDOW_MESSAGES);
                            expectMessages(peer, 200);
                        })
                .add("window of data", "or 256 KiB of data, that one included, would then be written", target -> {
                    var peer = target.openWebSocket();
                    int fitting = WINDOW_BYTES / 4_000;
                    peer.text("!push " + (fitting + 10) + " 4000");
                    expectMessages(peer, fitting);
                    peer.expectQuiet(Target.QUIET);
                    peer.ack(fitting);
                    expectMessages(peer, 10);
                })
                .add(
                        "a message larger than the window",
                        "A single message larger than 256 KiB may be written when nothing is unacknowledged.",
                        target -> {
                            var peer = target.openWebSocket();
                            peer.text("!push 1 1");
                            expectMessages(peer, 1);
                            peer.text("!push 1 " + (WINDOW_BYTES + 1));
                            if (!peer.isQuietFor(Target.QUIET)) {
                                throw new Skipped("the server keeps no message of that size");
                            }
                            peer.ack(1);
                            Expect.equal(WINDOW_BYTES + 1, peer.next().payload().length(), "the length");
                            peer.text("!push 2 1");
                            peer.expectQuiet(Target.QUIET);
                            peer.ack(2);
                            expectMessages(peer, 2);
                        })
                .add(
                        "acknowledgements withheld",
                        "A receiver whose application does not keep up withholds its `ack`s and goes on reading",
                        target -> {
                            var peer = target.openWebSocket();
                            peer.text("!stop");
                            for (int n = 1; n <= 1_001; n++) {
                                peer.text("x");
                            }
                            peer.control("event:ping\ndata:still=there\n\n");
                            long acknowledged = 0;
                            var frame = peer.frame();
                            while (!frame.isControl("pong")) {
                                acknowledged =
                                        frame.isControl("ack") ? frame.event().number() : acknowledged;
                                frame = peer.frame();
                            }
                            Expect.that(acknowledged <= 1_001, "acknowledgements withheld", acknowledged);
                            Expect.equal("still=there", frame.event().data(), "the data");
                        })
                .add("ping", "A side that receives `ping` answers `pong` at once.", target -> {
                    var peer = target.openWebSocket();
                    peer.control("event:ping\ndata:n=1&text=%0A+x\n\n");
                    Expect.equal("n=1&text=%0A+x", peer.nextControl("pong").data(), "the data");
                })
                .add("RFC 6455 ping", "RFC 6455 pings may be sent besides.", target -> {
                    var peer = target.openWebSocket();
                    peer.ping("abc");
                    var pong = peer.next();
                    Expect.that(pong.isPong() && pong.payload().equals("abc"), "a pong with abc", pong);
                })
                .add(
                        "the end of a WebSocket",
                        "**A WebSocket Close frame or the end of the connection ends the attachment, not the session**; only a `close` record ends the session.",
                        target -> {
                            for (int code : new int[] {0, 1000, 1001, 3000}) {
                                var peer = WebSocketPeer.connect(target, "postern.v1");
                                var session = Session.of(target, peer, peer.attach("epoch=1"));
                                if (code == 0) {
                                    peer.cut();
                                } else {
                                    peer.close(code);
                                }
                                var stream = session.attach("sse", 0);
                                session.send(1, "data:x\n\n");
                                Expect.equal("x", stream.message(1), "the text");
                            }
                        })
                .add(
                        "4410",
                        "4410 (session unknown or over; a `close` record as in the body of a 410 comes before it)",
                        target -> {
                            var peer = WebSocketPeer.connect(target, "postern.v1");
                            peer.control("event:attach\nid:0\ndata:epoch=1&session=nobody\n\n");
                            Expect.equal("4410", peer.nextControl("close").parameter("code"), "the code");
                            peer.expectClose(4410);
                        })
                .add(
                        "1009",
                        "Exception: Close 1009 (message too big) ends the session, since the message would only be repeated.",
                        target -> {
                            var peer = WebSocketPeer.connect(target, "postern.v1");
                            var attached = peer.attach("epoch=1");
                            var session = Session.of(target, peer, attached);
                            int max = Math.toIntExact(attached.number("max"));
                            peer.text("x".repeat(max));
                            peer.expectText("x".repeat(max));
                            peer.text("x".repeat(max + 1));
                            peer.expectClose(1009);
                            var gone = session.next().poll("sse", 0);
                            Expect.refused(410, "session", gone);
                            Expect.equal("1009", gone.event("close").parameter("code"), "the code");
                        })
                .add("no subprotocol, no records", "(Without it: §13.)", target -> {
                    var response = target.ask(WebSocketPeer.handshake("soap"));
                    Expect.status(101, response);
                    Expect.that(response.header("Sec-WebSocket-Protocol") == null, "no subprotocol", response.status());
                });
    }

    private static void expectMessages(WebSocketPeer peer, int count) throws Broken, IOException {
        for (int n = 1; n <= count; n++) {
            var frame = peer.next();
            Expect.that(frame.isMessage(), "message " + n + " of " + count, frame);
        }
    }
}
