package io.github.postern.verify.conformance;

import java.util.Arrays;
import java.util.List;

/** Ping and Pong, and what all control frames share (RFC 6455 §5.5). */
final class ControlCases {
    private ControlCases() {}

    static List<Case<Target>> list() {
        var cases = CaseList.<Target>rfc6455();
        for (int length : new int[] {0, 1, 8, 124, 125}) {
            cases.talk("5.5.2-ping-" + length, "A Ping of " + length + " bytes is answered with its payload.", peer -> {
                var text = "p".repeat(length);
                peer.send(Frame.ping(text));
                peer.expectPong(text);
            });
        }
        cases.talk("5.5.3-binary-payload", "The payload of a Pong is that of the Ping, whatever bytes it is.", peer -> {
            var payload = Hex.bytes("00 ff fe fd 80 00 c0 ed a0");
            peer.send(Frame.of(Frame.PING, payload));
            var pong = peer.expect(Frame.PONG, "a Pong with " + Hex.of(payload));
            Handshake.require(Arrays.equals(payload, pong.payload()), Hex.of(payload), Hex.of(pong.payload()));
        });
        cases.talk("5.5.2-byte-by-byte", "A Ping may arrive byte by byte.", peer -> {
            peer.sendInPieces(peer.encode(Frame.ping("in pieces")), 1);
            peer.expectPong("in pieces");
        });
        tooLong(cases);
        unasked(cases);
        many(cases);
        return cases.toList();
    }

    private static void tooLong(CaseList<Target> cases) {
        for (int opcode : new int[] {Frame.PING, Frame.PONG, Frame.CLOSE}) {
            var payload = FramingCases.binary(126);
            payload[0] = 3;
            payload[1] = (byte) 0xe8;
            Arrays.fill(payload, 2, payload.length, (byte) 'a');
            cases.talk(
                    "5.5-length-126-" + opcode,
                    "A control frame has at most 125 bytes: opcode " + opcode + ".",
                    peer -> {
                        peer.send(Frame.of(opcode, payload));
                        peer.expectFailure(1002);
                    });
            cases.adviseTalk(
                    "5.5-length-claimed-" + opcode,
                    "A control frame is refused before its payload arrives: opcode " + opcode + ".",
                    peer -> {
                        peer.sendBytes(peer.masked(new FrameHeader(0x80 | opcode).length(1 << 20))
                                .encode());
                        peer.expectFailure(1002);
                    });
        }
    }

    private static void unasked(CaseList<Target> cases) {
        for (var text : List.of("", "unasked")) {
            cases.talk("5.5.3-unasked-" + text.length(), "A Pong that answers no Ping is ignored.", peer -> {
                peer.send(Frame.pong(text));
                peer.expectNothingYet();
                peer.echo(Frame.text("Hello"));
            });
        }
        cases.talk(
                "5.5.3-unasked-then-ping", "A Pong that answers no Ping changes nothing for the next Ping.", peer -> {
                    peer.send(Frame.pong("unasked"), Frame.ping("asked"));
                    peer.expectPong("asked");
                });
    }

    private static void many(CaseList<Target> cases) {
        cases.talk("5.5.3-newest", "Of many Pings at least the newest is answered, and none out of order.", peer -> {
            var pings = new Frame[10];
            for (int i = 0; i < pings.length; i++) {
                pings[i] = Frame.ping("ping " + i);
            }
            peer.send(pings);
            int newest = -1;
            while (newest < pings.length - 1) {
                var text = Frame.show(
                        peer.expect(Frame.PONG, "a Pong for the newest Ping").payload());
                int number = text.matches("\"ping [0-9]\"") ? text.charAt(6) - '0' : -1;
                Handshake.require(number > newest, "a Pong for a Ping after number " + newest, text);
                newest = number;
            }
        });
        cases.talk("5.5.2-in-turn", "Each of ten Pings in turn is answered.", peer -> {
            for (int i = 0; i < 10; i++) {
                peer.sendInPieces(peer.encode(Frame.ping("ping " + i)), 3);
                peer.expectPong("ping " + i);
            }
        });
    }
}
