package io.github.postern.verify.conformance;

import io.github.postern.verify.conformance.FrameHeader.LengthForm;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;

/** Base framing (RFC 6455 §5.1, §5.2): sizes, lengths, masks, reserved bits and opcodes. */
final class FramingCases {
    private static final int[] SIZES = {0, 125, 126, 127, 128, 65_535, 65_536};

    private FramingCases() {}

    static List<Case<Target>> list() {
        var cases = CaseList.<Target>rfc6455();
        sizes(cases);
        boundaries(cases);
        masks(cases);
        reservedBits(cases);
        opcodes(cases);
        lengths(cases);
        return cases.toList();
    }

    static byte[] binary(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static void sizes(CaseList<Target> cases) {
        for (int size : SIZES) {
            cases.talk(
                    "5.6-text-" + size,
                    "A text message of " + size + " bytes arrives.",
                    peer -> peer.echo(Frame.text("*".repeat(size))));
            cases.talk(
                    "5.6-binary-" + size,
                    "A binary message of " + size + " bytes arrives.",
                    peer -> peer.echo(Frame.binary(binary(size))));
        }
        cases.talk("5.6-kinds", "A text message stays text, and a binary one binary.", peer -> {
            peer.echo(Frame.text("text"));
            peer.echo(Frame.binary(Frame.utf8("text")));
            peer.echo(Frame.text("text"));
        });
    }

    /** TCP cuts where it likes. */
    private static void boundaries(CaseList<Target> cases) {
        for (int size : new int[] {0, 5, 126, 300}) {
            cases.talk("5.2-byte-by-byte-" + size, "A frame of " + size + " bytes may arrive byte by byte.", peer -> {
                var text = Frame.text("a".repeat(size));
                peer.sendInPieces(peer.encode(text), 1);
                peer.expectEcho(text);
            });
        }
        cases.talk("5.2-pieces-of-997", "A frame of 65,536 bytes may arrive in pieces of 997.", peer -> {
            var message = Frame.binary(binary(65_536));
            peer.sendInPieces(peer.encode(message), 997);
            peer.expectEcho(message);
        });
        cases.talk("5.2-two-pieces", "A frame may be cut in two anywhere.", peer -> {
            var message = Frame.text("b".repeat(130));
            var length = peer.encode(message).length;
            for (int cut = 1; cut < length; cut++) {
                peer.sendInPieces(peer.encode(message), cut);
                peer.expectEcho(message);
            }
        });
        cases.talk("5.2-many-in-one", "Many frames may arrive in one segment.", peer -> {
            peer.send(Frame.text("one"), Frame.binary(binary(3)), Frame.ping("two"), Frame.text("three"));
            peer.expectEcho(Frame.text("one"));
            peer.expectEcho(Frame.binary(binary(3)));
            peer.expectEcho(Frame.text("three"));
        });
    }

    private static void masks(CaseList<Target> cases) {
        for (var frame : List.of(
                Frame.text("wrong"),
                Frame.binary(new byte[1]),
                Frame.continuation(""),
                Frame.close(1000, ""),
                Frame.ping(""),
                Frame.pong("x"))) {
            cases.talk(
                    "5.1-wrong-mask-" + frame.opcode(),
                    "A server fails on an unmasked frame, a client on a masked one, here of opcode " + frame.opcode()
                            + ".",
                    peer -> {
                        peer.sendBytes(
                                peer.implementation() == Role.SERVER ? frame.encode() : frame.encode(0x01020304));
                        peer.expectFailure(1002);
                    });
        }
        cases.talk("5.1-mask-direction", "A server never masks, a client always does.", peer -> {
            peer.echo(Frame.text("Hello"));
            peer.send(Frame.ping("x"));
            peer.expectPong("x");
            peer.send(Frame.close(1000, ""));
            peer.ending().closed(1000);
        });
    }

    private static void reservedBits(CaseList<Target> cases) {
        for (int bits = 1; bits < 8; bits++) {
            int rsv = bits;
            cases.talk(
                    "5.2-rsv-" + rsv + "-text",
                    "A text frame with RSV bits " + rsv + " fails the connection.",
                    peer -> {
                        peer.echo(Frame.text("Hello"));
                        peer.send(Frame.text("wrong").withRsv(rsv), Frame.ping(""));
                        peer.expectFailure(1002);
                    });
        }
        for (int bit : new int[] {Frame.RSV1, Frame.RSV2, Frame.RSV3}) {
            failing(cases, "5.2-rsv-" + bit + "-ping", "A Ping", Frame.ping("x").withRsv(bit), bit);
            failing(
                    cases,
                    "5.2-rsv-" + bit + "-close",
                    "A Close",
                    Frame.close(1000, "").withRsv(bit),
                    bit);
            failing(
                    cases,
                    "5.2-rsv-" + bit + "-binary",
                    "An empty binary frame",
                    Frame.binary(new byte[0]).withRsv(bit),
                    bit);
            cases.talk(
                    "5.2-rsv-" + bit + "-continuation",
                    "A continuation with RSV bits " + bit + " fails the connection.",
                    peer -> {
                        peer.send(
                                Frame.text("a").unfinished(),
                                Frame.continuation("b").withRsv(bit));
                        peer.expectFailure(1002);
                    });
        }
    }

    private static void failing(CaseList<Target> cases, String name, String kind, Frame frame, int bit) {
        cases.talk(name, kind + " with RSV bits " + bit + " fails the connection.", peer -> {
            peer.send(frame);
            peer.expectFailure(1002);
        });
    }

    private static void opcodes(CaseList<Target> cases) {
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            cases.talk("5.2-opcode-" + opcode, "The reserved opcode " + opcode + " fails the connection.", peer -> {
                peer.echo(Frame.text("Hello"));
                peer.send(Frame.of(opcode, new byte[0]), Frame.ping(""));
                peer.expectFailure(1002);
            });
            cases.talk(
                    "5.2-opcode-" + opcode + "-payload",
                    "The reserved opcode " + opcode + " fails the connection, also with a payload.",
                    peer -> {
                        peer.send(Frame.of(opcode, binary(100)), Frame.text("more"));
                        peer.expectFailure(1002);
                    });
        }
        for (int opcode : new int[] {3, 15}) {
            cases.talk(
                    "5.2-opcode-" + opcode + "-length",
                    "The reserved opcode " + opcode + " fails the connection before its length is trusted.",
                    peer -> {
                        var header = new FrameHeader(0x80 | opcode).length(LengthForm.EXTENDED_64, 1L << 40);
                        peer.sendBytes(peer.masked(header).encode());
                        peer.expectFailure(1002);
                    });
        }
    }

    private static void lengths(CaseList<Target> cases) {
        for (int length : new int[] {0, 1, 125}) {
            nonMinimal(cases, "16-" + length, LengthForm.EXTENDED_16, Frame.binary(binary(length)));
        }
        for (int length : new int[] {0, 125, 126, 65_535}) {
            nonMinimal(cases, "64-" + length, LengthForm.EXTENDED_64, Frame.binary(binary(length)));
        }
        nonMinimal(cases, "16-ping", LengthForm.EXTENDED_16, Frame.ping("ping"));
        nonMinimal(cases, "16-close", LengthForm.EXTENDED_16, Frame.close(1000, ""));
        for (long length : new long[] {Long.MIN_VALUE, -1}) {
            cases.talk(
                    "5.2-length-msb-" + (length == -1 ? "ones" : "zero"),
                    "A 64-bit length whose most significant bit is set fails the connection.",
                    peer -> {
                        var header = Frame.binary(new byte[0]).header().length(LengthForm.EXTENDED_64, length);
                        peer.sendBytes(peer.masked(header).encode());
                        peer.ending().failed(1002, 1009);
                    });
        }
    }

    private static void nonMinimal(CaseList<Target> cases, String name, LengthForm form, Frame frame) {
        cases.talk("5.2-minimal-length-" + name, "A length is encoded in as few bytes as will do.", peer -> {
            var header = frame.header().length(form, frame.payload().length);
            var bytes = new ByteArrayOutputStream();
            bytes.writeBytes(frame.encode(peer.masked(header)));
            bytes.writeBytes(peer.encode(Frame.text("more")));
            peer.sendBytes(bytes.toByteArray());
            peer.expectFailure(1002);
        });
    }
}
