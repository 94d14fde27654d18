package io.github.postern.verify.conformance;

import io.github.postern.verify.conformance.FrameHeader.LengthForm;
import java.util.List;
import java.util.OptionalInt;

/** Sizes and numbers (RFC 6455 §10.4): what is allowed arrives, and more is answered by a code. */
final class LimitCases {
    private LimitCases() {}

    static List<Case<Target>> list() {
        var cases = CaseList.<Target>rfc6455();
        larger(cases);
        messageSize(cases);
        fragments(cases);
        numbers(cases);
        return cases.toList();
    }

    private static void messageSize(CaseList<Target> cases) {
        cases.adviseTalk("10.4-length-claimed", "A length that nobody can take is answered by 1009.", peer -> {
            var header = Frame.binary(new byte[0]).header().length(LengthForm.EXTENDED_64, 1L << 60);
            peer.sendBytes(peer.masked(header).encode());
            peer.expectFailure(1009);
        });
        cases.add("10.4-message-at-limit", "A message of the largest size arrives.", target -> {
            int limit = known(target.settings().maxMessage(), "largest message");
            target.open().echo(Frame.binary(FramingCases.binary(limit)));
        });
        cases.add("10.4-message-over-limit", "A message over the largest size is answered by 1009.", target -> {
            int limit = known(target.settings().maxMessage(), "largest message");
            var peer = target.open();
            peer.send(Frame.binary(new byte[limit + 1]));
            peer.expectFailure(1009);
        });
        cases.add(
                "10.4-fragments-over-size",
                "Fragments that together are over the largest size are answered by 1009.",
                target -> {
                    int limit = known(target.settings().maxMessage(), "largest message");
                    var peer = target.open();
                    peer.send(Frame.binary(new byte[limit]).unfinished(), Frame.continuation("+"));
                    peer.expectFailure(1009);
                });
    }

    private static void fragments(CaseList<Target> cases) {
        cases.add("10.4-fragments-at-limit", "A message of the largest number of fragments arrives.", target -> {
            int limit = known(target.settings().maxFragments(), "largest number of fragments");
            var peer = target.open();
            peer.send(FragmentationCases.fragments("f".repeat(limit).split("")));
            peer.expectEcho(Frame.text("f".repeat(limit)));
        });
        cases.add(
                "10.4-fragments-over-limit",
                "A message of more fragments than the largest number is answered by 1008.",
                target -> {
                    int limit = known(target.settings().maxFragments(), "largest number of fragments");
                    var peer = target.open();
                    peer.send(FragmentationCases.fragments("f".repeat(limit + 1).split("")));
                    peer.ending().failed(1008, 1009);
                });
    }

    private static void numbers(CaseList<Target> cases) {
        cases.talk("5.6-many-messages", "A thousand messages are sent back in their order.", peer -> {
            for (int i = 0; i < 1000; i++) {
                peer.echo(Frame.text("message " + i));
            }
        });
        cases.talk("5.6-pipelined", "Messages that do not wait for each other are sent back in their order.", peer -> {
            for (int batch = 0; batch < 10; batch++) {
                var messages = new Frame[50];
                for (int i = 0; i < messages.length; i++) {
                    messages[i] = Frame.text("message " + batch + "/" + i);
                }
                peer.send(messages);
                for (var message : messages) {
                    peer.expectEcho(message);
                }
            }
        });
    }

    private static void larger(CaseList<Target> cases) {
        for (int kilobytes : new int[] {256, 512, 1024}) {
            cases.adviseTalk("5.6-kilobytes-" + kilobytes, "A message of " + kilobytes + " KiB arrives.", peer -> {
                peer.echo(Frame.binary(FramingCases.binary(kilobytes * 1024)));
            });
        }
    }

    static int known(OptionalInt limit, String what) throws Finding {
        return limit.orElseThrow(() -> Finding.notApplicable("the " + what + " is not known"));
    }
}
