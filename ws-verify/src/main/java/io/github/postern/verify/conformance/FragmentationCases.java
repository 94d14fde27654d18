package io.github.postern.verify.conformance;

import java.util.Arrays;
import java.util.List;

/** Fragmentation (RFC 6455 §5.4). */
final class FragmentationCases {
    private FragmentationCases() {}

    static List<Case<Target>> list() {
        var cases = CaseList.<Target>rfc6455();
        legal(cases);
        controlsBetween(cases);
        illegalOrders(cases);
        continuations(cases);
        automatic(cases);
        return cases.toList();
    }

    private static void legal(CaseList<Target> cases) {
        legal(cases, "two", "A message may come in two fragments.", "Hello, ", "world");
        legal(cases, "empty-first", "The first fragment may be empty.", "", "Hello");
        legal(cases, "empty-last", "The last fragment may be empty.", "Hello", "");
        legal(cases, "empty-middle", "A fragment in the middle may be empty.", "Hel", "", "", "lo");
        legal(cases, "all-empty", "All fragments may be empty.", "", "", "");
        legal(cases, "single-bytes", "Each fragment may hold one byte.", "abcdefghijklmnopqrstuvwxyz".split(""));
        cases.talk("5.4-binary", "A binary message may come in fragments.", peer -> {
            peer.send(
                    Frame.binary(new byte[] {1}).unfinished(),
                    Frame.continuation(new byte[] {2}).unfinished(),
                    Frame.continuation(new byte[] {3}));
            peer.expectEcho(Frame.binary(new byte[] {1, 2, 3}));
        });
        cases.talk("5.4-byte-by-byte", "Fragments may arrive byte by byte.", peer -> {
            peer.sendInPieces(peer.encode(Frame.text("frag").unfinished()), 1);
            peer.sendInPieces(peer.encode(Frame.continuation("ment")), 1);
            peer.expectEcho(Frame.text("fragment"));
        });
        cases.talk("5.4-messages-in-turn", "A message in fragments may follow another.", peer -> {
            for (var word : List.of("one", "two", "three")) {
                peer.send(Frame.text(word).unfinished(), Frame.continuation(word));
                peer.expectEcho(Frame.text(word + word));
                peer.echo(Frame.binary(new byte[7]));
            }
        });
    }

    private static void legal(CaseList<Target> cases, String name, String rule, String... parts) {
        cases.talk("5.4-" + name, rule, peer -> {
            peer.send(fragments(parts));
            peer.expectEcho(Frame.text(String.join("", parts)));
        });
        cases.talk("5.4-" + name + "-singly", rule + " Each in a write of its own.", peer -> {
            for (var fragment : fragments(parts)) {
                peer.send(fragment);
            }
            peer.expectEcho(Frame.text(String.join("", parts)));
        });
    }

    static Frame[] fragments(String... parts) {
        var frames = new Frame[parts.length];
        for (int i = 0; i < parts.length; i++) {
            var frame = i == 0 ? Frame.text(parts[i]) : Frame.continuation(parts[i]);
            frames[i] = i == parts.length - 1 ? frame : frame.unfinished();
        }
        return frames;
    }

    private static void controlsBetween(CaseList<Target> cases) {
        cases.talk("5.4-ping-between", "A Ping between fragments is answered at once.", peer -> {
            peer.send(Frame.text("Hel").unfinished(), Frame.ping("ping"));
            peer.expectPong("ping");
            peer.send(Frame.continuation("lo"));
            peer.expectEcho(Frame.text("Hello"));
        });
        cases.talk("5.4-pings-between", "Control frames may stand between all fragments.", peer -> {
            peer.send(Frame.text("a").unfinished(), Frame.ping("1"));
            peer.expectPong("1");
            peer.send(Frame.continuation("b").unfinished(), Frame.pong("unasked"), Frame.ping("2"));
            peer.expectPong("2");
            peer.send(Frame.continuation("").unfinished(), Frame.ping("3"));
            peer.expectPong("3");
            peer.send(Frame.continuation("c"));
            peer.expectEcho(Frame.text("abc"));
        });
        cases.talk("5.4-ping-between-in-one", "A Ping between fragments of one segment is answered.", peer -> {
            peer.send(Frame.text("Hel").unfinished(), Frame.ping("ping"), Frame.continuation("lo"));
            peer.expectPong("ping");
            peer.expectEcho(Frame.text("Hello"));
        });
        cases.talk("5.4-close-between", "A Close between fragments is answered.", peer -> {
            peer.send(Frame.text("Hel").unfinished(), Frame.close(1000, ""));
            peer.ending().closed(1000);
        });
        for (var control : List.of(Frame.ping("x"), Frame.pong("x"), Frame.close(1000, ""))) {
            cases.talk(
                    "5.5-unfinished-" + control.opcode(),
                    "Control frames are not fragmented: opcode " + control.opcode() + ".",
                    peer -> {
                        peer.send(control.unfinished(), Frame.continuation(""));
                        peer.expectFailure(1002);
                    });
        }
    }

    private static void illegalOrders(CaseList<Target> cases) {
        var text = Frame.text("Hello");
        var continuation = Frame.continuation("lo");
        illegal(cases, "continuation-first", "A continuation continues a message.", continuation);
        illegal(
                cases,
                "continuation-first-unfinished",
                "A continuation continues a message.",
                continuation.unfinished());
        illegal(
                cases,
                "continuation-then-text",
                "A continuation continues a message.",
                continuation.unfinished(),
                text);
        illegal(cases, "continuation-empty-first", "A continuation continues a message.", Frame.continuation(""));
        illegal(cases, "text-within", "A text frame does not begin within a message.", text.unfinished(), text);
        illegal(
                cases,
                "text-within-unfinished",
                "A text frame does not begin within a message.",
                text.unfinished(),
                text.unfinished());
        illegal(
                cases,
                "binary-within",
                "A binary frame does not begin within a message.",
                text.unfinished(),
                Frame.binary(new byte[2]));
        illegal(
                cases,
                "text-within-binary",
                "A text frame does not begin within a message.",
                Frame.binary(new byte[2]).unfinished(),
                Frame.continuation("x").unfinished(),
                text);
    }

    private static void continuations(CaseList<Target> cases) {
        var text = Frame.text("Hello");
        var continuation = Frame.continuation("lo");
        cases.talk("5.4-continuation-after-message", "After FIN no continuation follows.", peer -> {
            peer.echo(text);
            peer.send(continuation);
            peer.expectFailure(1002);
        });
        cases.talk("5.4-continuation-after-fragments", "After the last fragment no continuation follows.", peer -> {
            peer.send(Frame.text("Hel").unfinished(), continuation);
            peer.expectEcho(text);
            peer.send(continuation);
            peer.expectFailure(1002);
        });
    }

    private static void illegal(CaseList<Target> cases, String name, String rule, Frame... frames) {
        cases.talk("5.4-" + name, rule, peer -> {
            peer.send(frames);
            peer.expectFailure(1002);
        });
    }

    /** A large message in fragments of one size, as a sender cuts it that does not know the end. */
    private static void automatic(CaseList<Target> cases) {
        for (int size : new int[] {256, 1000, 1300, 4096, 32_768}) {
            cases.talk("5.4-fragments-of-" + size, "65,536 bytes may come in fragments of " + size + ".", peer -> {
                var whole = FramingCases.binary(65_536);
                for (int from = 0; from < whole.length; from += size) {
                    int to = Math.min(whole.length, from + size);
                    var part = Arrays.copyOfRange(whole, from, to);
                    var frame = from == 0 ? Frame.binary(part) : Frame.continuation(part);
                    peer.send(to == whole.length ? frame : frame.unfinished());
                }
                peer.expectEcho(Frame.binary(whole));
            });
        }
    }
}
