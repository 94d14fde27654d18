package io.github.postern.verify.conformance;

import java.time.Duration;
import java.util.List;

/** Close frames and the closing handshake (RFC 6455 §5.5.1, §7). */
final class ClosingCases {
    private ClosingCases() {}

    static List<Case<Target>> list() {
        var cases = CaseList.<Target>rfc6455();
        codes(cases);
        bodies(cases);
        afterClose(cases);
        tcp(cases);
        return cases.toList();
    }

    private static void codes(CaseList<Target> cases) {
        for (int code : new int[] {
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999
        }) {
            boolean laterRegistered = code >= 1012 && code <= 1014;
            CaseList.Talk talk = peer -> {
                peer.send(Frame.close(code, "reason"));
                peer.ending().closed(code);
            };
            var name = "7.4-code-" + code;
            var rule = "A Close with the code " + code + " is answered with it.";
            if (laterRegistered) {
                cases.adviseTalk(name, rule, talk);
            } else {
                cases.talk(name, rule, talk);
            }
        }
        for (int code : new int[] {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999}) {
            cases.talk("7.4-no-code-" + code, "A Close with the code " + code + " fails the connection.", peer -> {
                peer.send(Frame.close(code, ""));
                peer.expectFailure(1002);
            });
        }
        for (int code : new int[] {5000, 65_535}) {
            cases.adviseTalk(
                    "7.4-no-code-" + code, "A Close with the code " + code + " fails the connection.", peer -> {
                        peer.send(Frame.close(code, ""));
                        peer.expectFailure(1002);
                    });
        }
    }

    private static void bodies(CaseList<Target> cases) {
        cases.talk("5.5.1-empty", "An empty Close is answered with a Close.", peer -> {
            peer.send(Frame.close());
            peer.ending().closed(0);
        });
        cases.talk("5.5.1-one-byte", "A Close with one byte fails the connection.", peer -> {
            peer.send(Frame.of(Frame.CLOSE, new byte[] {3}));
            peer.expectFailure(1002);
        });
        cases.talk("5.5.1-byte-by-byte", "A Close may arrive byte by byte.", peer -> {
            peer.sendInPieces(peer.encode(Frame.close(1000, "slowly")), 1);
            peer.ending().closed(1000);
        });
        for (var reason : List.of("", "going", "Grüße κόσμε 😀", "r".repeat(123))) {
            cases.talk(
                    "5.5.1-reason-" + Frame.utf8(reason).length,
                    "A reason of " + Frame.utf8(reason).length + " bytes is accepted.",
                    peer -> {
                        peer.send(Frame.close(1000, reason));
                        peer.ending().closed(1000);
                    });
        }
        for (var reason : List.of("ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80", "c0 af", "ff", "e2 82")) {
            cases.talk(
                    "5.5.1-reason-not-utf8-" + reason.replace(" ", ""),
                    "A reason that is not UTF-8 fails the connection.",
                    peer -> {
                        peer.send(Frame.close(1000, Hex.bytes(reason)));
                        peer.ending().failed(1007, 1002);
                    });
        }
    }

    private static void afterClose(CaseList<Target> cases) {
        cases.talk("5.5.1-data-after", "Messages after a Close are ignored.", peer -> {
            peer.send(Frame.close(1000, ""), Frame.text("too late"), Frame.binary(new byte[10]));
            peer.ending().closed(1000);
        });
        cases.talk("5.5.2-ping-after", "A Ping after a Close is not answered.", peer -> {
            peer.send(Frame.close(1000, ""), Frame.ping("too late"));
            peer.ending().closed(1000);
        });
        cases.talk("5.5.1-second-close", "A second Close is ignored.", peer -> {
            peer.send(Frame.close(1000, "first"), Frame.close(1001, "second"));
            peer.ending().closed(1000);
        });
        cases.talk("5.5.1-garbage-after", "What comes after a Close is not interpreted.", peer -> {
            peer.send(Frame.close(1000, ""), Frame.of(15, new byte[3]).withRsv(7));
            peer.ending().closed(1000);
        });
        cases.talk("5.5.1-nothing-sent-after", "Nothing is sent after a Close.", peer -> {
            peer.send(Frame.text("1"), Frame.text("2"), Frame.text("3"), Frame.ping("4"), Frame.close(1000, ""));
            peer.ending().passingData().closed(1000);
        });
        cases.adviseTalk("5.5.1-message-before", "A message before a Close still has its effect.", peer -> {
            peer.send(Frame.text("in time"), Frame.close(1000, ""));
            peer.expectEcho(Frame.text("in time"));
            peer.ending().closed(1000);
        });
        cases.talk("7.1.7-no-further-input", "After the connection has failed no input is processed.", peer -> {
            peer.send(Frame.text("wrong").withRsv(Frame.RSV3), Frame.text("too late"), Frame.close(1000, ""));
            peer.expectFailure(1002);
        });
        cases.talk(
                "7.1.7-close-after-failure", "A Close that crosses the one of a failure ends the connection.", peer -> {
                    peer.send(Frame.of(3, new byte[0]));
                    peer.send(Frame.close(1000, ""));
                    peer.expectFailure(1002);
                });
    }

    private static void tcp(CaseList<Target> cases) {
        cases.adviseTalk("7.1.1-no-reset", "Input behind a Close does not turn the end of TCP into a reset.", peer -> {
            peer.send(Frame.close(1000, ""));
            for (int i = 0; i < 8; i++) {
                peer.send(Frame.binary(new byte[8192]));
            }
            var close = peer.ending().close("a Close with 1000");
            peer.wire().finishWriting();
            var end = peer.receive();
            Handshake.require(end == Incoming.End.CLOSED, "the end of TCP after " + close, end);
        });
        cases.adviseTalk("7.1.4-tcp-end", "When TCP ends without a Close the connection is released.", peer -> {
            peer.echo(Frame.text("Hello"));
            peer.wire().finishWriting();
            var incoming = peer.receive();
            while (incoming instanceof Frame) {
                incoming = peer.receive();
            }
            Handshake.require(incoming != Incoming.End.SILENT, "TCP closed", incoming);
        });
        cases.adviseTalk("7.1.4-tcp-end-in-frame", "When TCP ends within a frame the connection is released.", peer -> {
            peer.sendBytes(
                    peer.masked(Frame.binary(new byte[0]).header().length(1000)).encode());
            peer.wire().finishWriting();
            var incoming = peer.receive();
            while (incoming instanceof Frame) {
                incoming = peer.receive();
            }
            Handshake.require(incoming != Incoming.End.SILENT, "TCP closed", incoming);
        });
    }

    /** Only of a client: a server closes first, which every other case sees. */
    static List<Case<ClientTarget>> client() {
        var cases = CaseList.<ClientTarget>rfc6455();
        cases.advise(
                "7.1.1-client-waits",
                "After the closing handshake a client waits for the server to close TCP.",
                client -> {
                    var peer = client.open();
                    peer.send(Frame.close(1000, ""));
                    peer.ending().close("a Close with 1000");
                    var incoming = peer.receive(Duration.ofMillis(300));
                    Handshake.require(incoming == Incoming.End.SILENT, "TCP open for a while", incoming);
                });
        cases.add(
                "7.1.1-client-ends",
                "When the server closes TCP after the closing handshake the client does so too.",
                client -> {
                    var peer = client.open();
                    peer.send(Frame.close(1000, ""));
                    peer.ending().closed(1000);
                });
        return cases.toList();
    }
}
