package io.github.postern.verify.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Compressed messages (RFC 7692 §6, §7.2), in whatever form was agreed. */
final class DeflateCases {
    private static final byte[] HELLO = Hex.bytes("f2 48 cd c9 c9 07 00");
    private static final Frame HELLO_TEXT = Frame.text("Hello");

    private DeflateCases() {}

    static List<Case<Target>> list() {
        var cases = CaseList.<Target>rfc7692();
        examples(cases);
        moreExamples(cases);
        fragments(cases);
        reservedBits(cases);
        mixed(cases);
        invalid(cases);
        sizes(cases);
        limits(cases);
        return cases.toList();
    }

    private static Frame compressed(byte[] payload) {
        return Frame.text(payload).withRsv(Frame.RSV1);
    }

    private static void examples(CaseList<Target> cases) {
        hello(cases, "7.2.3.1-hello", "A message in one compressed block.", compressed(HELLO));
        hello(
                cases,
                "7.2.3.1-hello-fragments",
                "A compressed message in two fragments.",
                compressed(Hex.bytes("f2 48 cd")).unfinished(),
                Frame.continuation(Hex.bytes("c9 c9 07 00")));
        hello(
                cases,
                "7.2.3.3-stored",
                "A message in a block without compression.",
                compressed(Hex.bytes("00 05 00 fa ff 48 65 6c 6c 6f 00")));
        hello(
                cases,
                "7.2.3.4-bfinal",
                "A message in a block with BFINAL.",
                compressed(Hex.bytes("f3 48 cd c9 c9 07 00 00")));
        hello(
                cases,
                "7.2.3.5-two-blocks",
                "A message in two blocks.",
                compressed(Hex.bytes("f2 48 05 00 00 00 ff ff ca c9 c9 07 00")));
    }

    private static void moreExamples(CaseList<Target> cases) {
        cases.talkDeflate("7.2.3.2-shared-window", "A message may refer to the one before.", peer -> {
            requireContext(peer);
            peer.send(compressed(HELLO), compressed(Hex.bytes("f2 00 11 00 00")));
            peer.expectEcho(HELLO_TEXT);
            peer.expectEcho(HELLO_TEXT);
        });
        cases.talkDeflate("7.2.3.2-same-again", "A message need not refer to the one before.", peer -> {
            peer.send(compressed(HELLO), compressed(HELLO));
            peer.expectEcho(HELLO_TEXT);
            peer.expectEcho(HELLO_TEXT);
        });
        cases.talkDeflate("7.2.3.4-bfinal-and-more", "After a message with BFINAL comes another.", peer -> {
            for (int i = 0; i < 3; i++) {
                peer.send(compressed(Hex.bytes("f3 48 cd c9 c9 07 00 00")));
                peer.expectEcho(HELLO_TEXT);
                peer.send(compressed(HELLO));
                peer.expectEcho(HELLO_TEXT);
            }
        });
        cases.talkDeflate("7.2.3.6-empty", "An empty message is the single byte 00.", peer -> {
            peer.send(compressed(new byte[1]));
            peer.expectEcho(Frame.text(""));
            peer.send(compressed(HELLO));
            peer.expectEcho(HELLO_TEXT);
        });
    }

    private static void hello(CaseList<Target> cases, String name, String rule, Frame... frames) {
        cases.talkDeflate(name, rule, peer -> {
            peer.send(frames);
            peer.expectEcho(HELLO_TEXT);
        });
    }

    private static void requireContext(Peer peer) throws Finding {
        if (!peer.deflate().keepsSuiteContext(peer.implementation())) {
            throw Finding.notApplicable("no context takeover was agreed");
        }
    }

    private static void fragments(CaseList<Target> cases) {
        cases.talkDeflate("6.1-cut-anywhere", "A compressed message may be cut anywhere, also into nothing.", peer -> {
            for (int cut = 0; cut <= HELLO.length; cut++) {
                peer.send(
                        compressed(Arrays.copyOf(HELLO, cut)).unfinished(),
                        Frame.continuation(Arrays.copyOfRange(HELLO, cut, HELLO.length))
                                .unfinished(),
                        Frame.continuation(""));
                peer.expectEcho(HELLO_TEXT);
            }
        });
        cases.talkDeflate(
                "6.1-ping-between", "Control frames between compressed fragments are not compressed.", peer -> {
                    peer.send(compressed(Arrays.copyOf(HELLO, 3)).unfinished(), Frame.ping("ping"));
                    peer.expectPong("ping");
                    peer.send(Frame.continuation(Arrays.copyOfRange(HELLO, 3, HELLO.length)));
                    peer.expectEcho(HELLO_TEXT);
                });
        cases.talkDeflate("6.1-byte-by-byte", "A compressed message may arrive byte by byte.", peer -> {
            peer.sendInPieces(peer.encode(compressed(HELLO)), 1);
            peer.expectEcho(HELLO_TEXT);
        });
    }

    private static void reservedBits(CaseList<Target> cases) {
        for (var control : List.of(Frame.ping("x"), Frame.pong("x"), Frame.close(1000, ""))) {
            fails(
                    cases,
                    "6-rsv1-control-" + control.opcode(),
                    "RSV1 on a control frame fails the connection: opcode " + control.opcode() + ".",
                    1002,
                    control.withRsv(Frame.RSV1));
        }
        fails(
                cases,
                "6-rsv1-continuation",
                "RSV1 on a continuation fails the connection.",
                1002,
                compressed(Arrays.copyOf(HELLO, 3)).unfinished(),
                Frame.continuation(Arrays.copyOfRange(HELLO, 3, 7)).withRsv(Frame.RSV1));
        fails(
                cases,
                "6-rsv1-continuation-only",
                "RSV1 on a continuation of an uncompressed message fails the connection.",
                1002,
                Frame.text("a").unfinished(),
                Frame.continuation("b").withRsv(Frame.RSV1));
        for (int bits : new int[] {Frame.RSV2, Frame.RSV3, Frame.RSV1 | Frame.RSV2}) {
            var frame = (bits & Frame.RSV1) == 0 ? HELLO_TEXT : compressed(HELLO);
            var rule = "RSV2 and RSV3 still fail the connection: RSV bits " + bits + ".";
            fails(cases, "6-rsv-" + bits, rule, 1002, frame.withRsv(bits));
        }
    }

    private static void fails(CaseList<Target> cases, String name, String rule, int code, Frame... frames) {
        cases.talkDeflate(name, rule, peer -> {
            peer.send(frames);
            peer.expectFailure(code);
        });
    }

    private static void mixed(CaseList<Target> cases) {
        cases.talkDeflate("6.2-uncompressed", "A message without RSV1 is not compressed.", peer -> {
            peer.echo(HELLO_TEXT);
            peer.echoCompressed(HELLO_TEXT);
            peer.echo(Frame.binary(FramingCases.binary(300)));
            peer.echoCompressed(Frame.binary(FramingCases.binary(300)));
        });
        cases.talkDeflate("7.2.2-window", "An uncompressed message does not enter the window.", peer -> {
            requireContext(peer);
            peer.send(compressed(HELLO), Frame.text("HXXXX"), compressed(Hex.bytes("f2 00 11 00 00")));
            peer.expectEcho(HELLO_TEXT);
            peer.expectEcho(Frame.text("HXXXX"));
            peer.expectEcho(HELLO_TEXT);
        });
    }

    private static void invalid(CaseList<Target> cases) {
        invalid(cases, "block-type", "07 00");
        invalid(cases, "stored-length", "00 05 00 00 00 48 65 6c 6c 6f 00");
        invalid(cases, "before-window", "f2 00 11 00 00");
        invalid(cases, "noise", "ff ff ff ff ff ff ff ff");
        fails(
                cases,
                "8-not-utf8",
                "What is not UTF-8 after decompression fails the connection.",
                1007,
                compressed(Hex.bytes("00 02 00 fd ff c0 af 00")));
        fails(
                cases,
                "8-not-utf8-fragments",
                "What is not UTF-8 after decompression of fragments fails the connection.",
                1007,
                compressed(Hex.bytes("00 02 00 fd")).unfinished(),
                Frame.continuation(Hex.bytes("ff c0 af 00")));
    }

    private static void invalid(CaseList<Target> cases, String name, String hex) {
        cases.talkDeflate(
                "7.2.2-invalid-" + name, "What cannot be decompressed fails the connection: " + hex + ".", peer -> {
                    peer.send(Frame.binary(Hex.bytes(hex)).withRsv(Frame.RSV1));
                    peer.ending().failed(1007, Ending.ANY); // the RFC names no code
                });
    }

    private static void sizes(CaseList<Target> cases) {
        for (int size : new int[] {0, 1, 16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072}) {
            cases.talkDeflate("7.2-text-" + size, "Compressed texts of " + size + " bytes arrive.", peer -> {
                for (int i = 0; i < 8; i++) {
                    peer.echoCompressed(Frame.text(words(size, i)));
                }
            });
            cases.talkDeflate(
                    "7.2-binary-" + size, "Compressed binary messages of " + size + " bytes arrive.", peer -> {
                        for (int i = 0; i < 8; i++) {
                            peer.echoCompressed(Frame.binary(FramingCases.binary(size)));
                        }
                    });
        }
        cases.talkDeflate("7.2.1-farthest", "A reference may reach as far back as the window.", peer -> {
            var half = FramingCases.binary(32_000);
            var twice = Arrays.copyOf(half, 2 * half.length);
            System.arraycopy(half, 0, twice, half.length, half.length);
            peer.echoCompressed(Frame.binary(twice));
            peer.echoCompressed(Frame.binary(half));
        });
    }

    /** Words that repeat, as text does. */
    static String words(int size, int seed) {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.length() < size) {
            text.append(Integer.toString(random.nextInt(500), 36)).append(random.nextInt(9) == 0 ? ".\n" : " ");
        }
        return text.substring(0, size);
    }

    private static void limits(CaseList<Target> cases) {
        cases.add("8-bomb", "A limit counts the decompressed bytes: 1009, or the message whole.", target -> {
            var peer = target.openDeflate();
            int limit = target.settings().maxMessage().orElse(1 << 26);
            peer.send(peer.compress(Frame.binary(new byte[limit + 1])));
            if (target.settings().maxMessage().isEmpty()) {
                bombOfUnknownLimit(peer, limit + 1);
            } else {
                peer.expectFailure(1009);
            }
        });
        cases.add("8-bomb-corrupt", "Corrupt data behind the limit changes nothing.", target -> {
            int limit = LimitCases.known(target.settings().maxMessage(), "largest message");
            var peer = target.openDeflate();
            var bomb = peer.compress(Frame.binary(new byte[limit + 1])).payload();
            peer.send(
                    Frame.binary(bomb).withRsv(Frame.RSV1).unfinished(),
                    Frame.continuation(Hex.bytes("ff ff ff ff")),
                    Frame.text("more"));
            peer.expectFailure(1009);
        });
        cases.add("8-at-limit", "A message of the largest size arrives compressed.", target -> {
            int limit = LimitCases.known(target.settings().maxMessage(), "largest message");
            target.openDeflate().echoCompressed(Frame.text(words(limit, 1)));
        });
    }

    private static void bombOfUnknownLimit(Peer peer, int size) throws Finding {
        var incoming = peer.receive();
        if (incoming instanceof Frame frame && frame.closeCode().orElse(0) == 1009 && frame.opcode() == Frame.CLOSE) {
            return;
        }
        throw Finding.informational("1009 for " + size + " bytes out of a small frame", incoming.toString());
    }
}
