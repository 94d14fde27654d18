package io.github.postern.verify.conformance;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Text is UTF-8 (RFC 6455 §5.6, §8.1; RFC 3629). */
final class Utf8Cases {
    /** Greek text, then what is wrong in the middle, then ASCII. */
    private static final String GREEK = "ce ba e1 bd b9 cf 83 ce bc ce b5";

    private Utf8Cases() {}

    static List<Case<Target>> list() {
        var cases = CaseList.<Target>rfc6455();
        valid().forEach((name, hex) -> valid(cases, name, Hex.bytes(hex)));
        invalid().forEach((name, hex) -> invalid(cases, name, Hex.bytes(hex)));
        fragments(cases);
        failFast(cases);
        return cases.toList();
    }

    private static Map<String, String> valid() {
        var texts = new LinkedHashMap<String, String>();
        texts.put("greek", GREEK);
        texts.put("nul", "00");
        texts.put("last-1-byte", "7f");
        texts.put("first-2-bytes", "c2 80");
        texts.put("last-2-bytes", "df bf");
        texts.put("first-3-bytes", "e0 a0 80");
        texts.put("before-surrogates", "ed 9f bf");
        texts.put("after-surrogates", "ee 80 80");
        texts.put("replacement", "ef bf bd");
        texts.put("last-3-bytes", "ef bf bf");
        texts.put("first-4-bytes", "f0 90 80 80");
        texts.put("last-4-bytes", "f4 8f bf bf");
        texts.put("byte-order-mark", "ef bb bf 61");
        texts.put("noncharacter-fffe", "ef bf be");
        texts.put("noncharacter-fdd0", "ef b7 90");
        for (int plane = 1; plane <= 16; plane++) {
            var code = new String(Character.toChars(plane << 16 | 0xfffe));
            texts.put("noncharacter-plane-" + plane, Hex.of(Frame.utf8(code)));
        }
        texts.put("mixed", Hex.of(Frame.utf8("Hello-µ@ßöäüàá-UTF-8!! 水 😀")));
        return texts;
    }

    private static void valid(CaseList<Target> cases, String name, byte[] text) {
        cases.talk("8.1-valid-" + name, "Valid UTF-8 arrives: " + Frame.show(text) + ".", peer -> {
            peer.echo(Frame.text(text));
            peer.send(fragments(text));
            peer.expectEcho(Frame.text(text));
        });
    }

    private static Map<String, String> invalid() {
        var texts = new LinkedHashMap<String, String>();
        texts.put("surrogate-in-greek", GREEK + " ed a0 80 65 64 69 74 65 64");
        texts.put("surrogate-first-high", "ed a0 80");
        texts.put("surrogate-last-high", "ed af bf");
        texts.put("surrogate-first-low", "ed b0 80");
        texts.put("surrogate-last-low", "ed bf bf");
        texts.put("surrogate-pair", "ed a0 80 ed b0 80");
        texts.put("overlong-slash-2", "c0 af");
        texts.put("overlong-slash-3", "e0 80 af");
        texts.put("overlong-slash-4", "f0 80 80 af");
        texts.put("overlong-slash-5", "f8 80 80 80 af");
        texts.put("overlong-slash-6", "fc 80 80 80 80 af");
        texts.put("overlong-nul-2", "c0 80");
        texts.put("overlong-nul-3", "e0 80 80");
        texts.put("overlong-nul-4", "f0 80 80 80");
        texts.put("overlong-7f", "c1 bf");
        texts.put("overlong-7ff", "e0 9f bf");
        texts.put("overlong-ffff", "f0 8f bf bf");
        texts.put("above-10ffff", "f4 90 80 80");
        texts.put("above-10ffff-f5", "f5 80 80 80");
        texts.put("five-bytes", "f8 88 80 80 80");
        texts.put("six-bytes", "fc 84 80 80 80 80");
        texts.putAll(incomplete());
        return texts;
    }

    private static Map<String, String> incomplete() {
        var texts = new LinkedHashMap<String, String>();
        texts.put("continuation-alone-80", "80");
        texts.put("continuation-alone-bf", "bf");
        texts.put("continuations-alone", "80 bf 80 bf 80 bf");
        texts.put("fe", "fe");
        texts.put("ff", "ff");
        texts.put("starts-with-space-2", "c2 20 df 20");
        texts.put("starts-with-space-3", "e1 20 ef 20");
        texts.put("starts-with-space-4", "f1 20 f4 20");
        texts.put("cut-2", "df");
        texts.put("cut-3-after-1", "ef");
        texts.put("cut-3-after-2", "ef bf");
        texts.put("cut-4-after-1", "f0");
        texts.put("cut-4-after-2", "f0 90");
        texts.put("cut-4-after-3", "f4 8f bf");
        texts.put("cut-greek", GREEK + " ce");
        texts.put("latin-1", "48 e4 6c 6c f6");
        return texts;
    }

    private static void invalid(CaseList<Target> cases, String name, byte[] text) {
        var rule = "What is not UTF-8 fails the connection: " + Hex.of(text) + ".";
        cases.talk("8.1-invalid-" + name, rule, peer -> {
            peer.send(Frame.text(text));
            peer.expectFailure(1007);
        });
        cases.talk("8.1-invalid-" + name + "-fragments", rule + " In fragments of one byte.", peer -> {
            for (var fragment : fragments(text)) {
                peer.send(fragment);
            }
            peer.expectFailure(1007);
        });
    }

    /** One byte each. */
    private static Frame[] fragments(byte[] text) {
        var frames = new Frame[text.length];
        for (int i = 0; i < text.length; i++) {
            var part = Arrays.copyOfRange(text, i, i + 1);
            var frame = i == 0 ? Frame.text(part) : Frame.continuation(part);
            frames[i] = i == text.length - 1 ? frame : frame.unfinished();
        }
        return frames;
    }

    private static void fragments(CaseList<Target> cases) {
        cases.talk("8.1-cut-anywhere", "A character may be cut between fragments anywhere.", peer -> {
            var text = Frame.utf8("aµ水😀z");
            for (int cut = 0; cut <= text.length; cut++) {
                peer.send(
                        Frame.text(Arrays.copyOf(text, cut)).unfinished(),
                        Frame.continuation(Arrays.copyOfRange(text, cut, text.length)));
                peer.expectEcho(Frame.text(text));
            }
        });
        cases.talk("8.1-cut-by-ping", "A control frame may stand within a character.", peer -> {
            peer.send(Frame.text(Hex.bytes("f0 9f")).unfinished(), Frame.ping("x"));
            peer.expectPong("x");
            peer.send(Frame.continuation(Hex.bytes("98 80")));
            peer.expectEcho(Frame.text("😀"));
        });
        cases.talk("8.1-long", "A long text of characters of all lengths arrives.", peer -> {
            peer.echo(Frame.text("aµ水😀".repeat(5000)));
        });
        cases.talk("8.1-binary-is-free", "A binary message need not be UTF-8.", peer -> {
            peer.echo(Frame.binary(Hex.bytes("ff fe c0 af ed a0 80")));
        });
    }

    /** No text says that the end of the message may not be waited for. */
    private static void failFast(CaseList<Target> cases) {
        cases.adviseTalk(
                "8.1-fail-fast-fragment", "What is not UTF-8 is noticed when its fragment has arrived.", peer -> {
                    peer.send(Frame.text(Hex.bytes(GREEK + " f4 90 80 80")).unfinished());
                    peer.expectFailure(1007);
                });
        cases.adviseTalk(
                "8.1-fail-fast-next-fragment", "What became impossible in the next fragment is noticed then.", peer -> {
                    peer.send(Frame.text(Hex.bytes(GREEK + " f4")).unfinished());
                    peer.expectNothingYet();
                    peer.send(Frame.continuation(Hex.bytes("90")).unfinished());
                    peer.expectFailure(1007);
                });
        cases.adviseTalk(
                "8.1-fail-fast-in-frame", "What is not UTF-8 is noticed before its frame has arrived.", peer -> {
                    var frame = peer.encode(Frame.text(Hex.bytes(GREEK + " f4 90 80 80 65 64 69 74 65 64")));
                    peer.sendBytes(Arrays.copyOf(frame, frame.length - 8));
                    peer.expectFailure(1007);
                });
    }
}
