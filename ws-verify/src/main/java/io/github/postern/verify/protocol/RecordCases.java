package io.github.postern.verify.protocol;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** §3 The record format. */
final class RecordCases {
    private RecordCases() {}

    private static String base64(String text, Charset charset) {
        return Base64.getEncoder().encodeToString(text.getBytes(charset));
    }

    /** Sends one record, which must be taken in, and returns what comes back. */
    private static Event echo(Target target, String block) throws Broken, IOException {
        var session = target.open();
        session.send(1, block);
        return session.stream().event();
    }

    private static void expectEcho(Target target, String block, String text) throws Broken, IOException {
        Expect.equal(text, echo(target, block).message(), "the text");
    }

    /** The next messages must be those, of which the first says its number. */
    private static void expectNumbers(Response response, long first, long last) throws Broken, IOException {
        for (long n = first; n <= last; n++) {
            var event = response.event();
            Expect.equal(n, event.number(), "the number");
            Expect.that(n > first || event.raw().contains("id:" + n + "\n"), "the number", event.raw());
        }
    }

    static List<Case> list() {
        return new Case.Section(3)
                .add("line ends", "receivers accept CR LF, LF and CR", target -> {
                    for (var end : List.of("\n", "\r\n", "\r")) {
                        expectEcho(target, "data:a" + end + "data:b" + end + end, "a\nb");
                    }
                })
                .add(
                        "comments and unknown fields",
                        "A line that begins with `:` is a comment; unknown fields are ignored.",
                        target -> expectEcho(target, ":note\nretry:5\ncolour:red\nplain\ndata:x\n: more\n\n", "x"))
                .add("no space", "a text of one line 7 bytes (`data:…\\n\\n`)", target -> {
                    var raw = echo(target, "data:hello\n\n").raw();
                    Expect.that(
                            raw.equals("id:1\ndata:hello\n") || raw.equals("data:hello\nid:1\n"),
                            "id:1 and data:hello",
                            raw);
                })
                .add("leading space", "receivers strip one leading space", target -> {
                    expectEcho(target, "data: x\n\n", "x");
                    expectEcho(target, "data:  x\n\n", " x");
                })
                .add(
                        "space before a space",
                        "Senders write no space after the colon, except one before a value that itself begins with a space",
                        target -> {
                            var raw = echo(target, "data:  two\n\n").raw();
                            Expect.that(raw.contains("data:  two\n"), "two spaces after the colon", raw);
                        })
                .add("lines", "a text; one `data` line per line of the text, split at LF", target -> {
                    expectEcho(target, "data:first\ndata:\ndata:third line\ndata:\n\n", "first\n\nthird line\n");
                    expectEcho(target, "data:a:b: c\n\n", "a:b: c");
                    expectEcho(target, "data:grüße 😀 \uFEFF\n\n", "grüße 😀 \uFEFF");
                })
                .add("CR", "MUST be used for a text that contains CR", target -> {
                    for (var text : List.of("a\rb", "a\r\nb", "\r", "line\nand\r😀")) {
                        var event = echo(target, "event:text\ndata:" + base64(text, StandardCharsets.UTF_8) + "\n\n");
                        Expect.equal("text", event.event(), "the kind");
                        Expect.equal(text, event.message(), "the text");
                    }
                })
                .add(
                        "text in Base64",
                        "`text` | the Base64 form (RFC 4648 §4, padded, one line) of the UTF-8 bytes of a text.",
                        target -> expectEcho(target, "event:text\ndata:aGVsbG8=\n\n", "hello"))
                .add("binary", "`binary` | the Base64 form of a binary message", target -> {
                    for (var data : List.of("", "\0", "\0\1\u00ff\u0080", "x".repeat(1000))) {
                        var block = "event:binary\ndata:" + base64(data, StandardCharsets.ISO_8859_1) + "\n\n";
                        var event = echo(target, block);
                        Expect.equal("binary", event.event(), "the kind");
                        Expect.equal(data, event.message(), "the bytes");
                    }
                })
                .add("empty", "A message MUST have a `data` line, also when it is empty (`data:`).", target -> {
                    Expect.equal("", echo(target, "data:\n\n").data(), "the data");
                    Expect.equal("", echo(target, "data\n\n").data(), "the data");
                    var session = target.open();
                    Expect.status(204, session.post(1, "id:7\n\n"));
                })
                .add(
                        "number",
                        "In server → client streams the first message of a response MUST carry its number, `id:N`; one behind it MAY leave that out, and then has the number after the one before.",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:one\n\nevent:binary\ndata:AAEC\n\nevent:text\ndata:DQ==\n\n");
                            expectNumbers(session.stream(), 1, 3);
                            expectNumbers(session.attach("sse", 1), 2, 3);
                            expectNumbers(session.attach("sse", 2), 3, 3);
                        })
                .add("padding", "Base64 is written with its padding; receivers accept it without.", target -> {
                    Expect.equal(
                            "AA==", echo(target, "event:binary\ndata:AA\n\n").data(), "the data");
                    Expect.equal(
                            "AAE=", echo(target, "event:binary\ndata:AAE\n\n").data(), "the data");
                    expectEcho(target, "event:text\ndata:aGVsbG8\n\n", "hello");
                    for (var bad : List.of("A", "AA=", "AA=A", "AAAAA", "AAA==", "=")) {
                        Expect.refused(400, "body", target.open().post(1, "event:binary\ndata:" + bad + "\n\n"));
                    }
                })
                .add("unknown control records", "so is a control record whose `event` it does not know", target -> {
                    var session = target.open();
                    Expect.status(204, session.post(1, "event:tea\ndata:milk=1\n\n"));
                    session.send(1, "event:tea\ndata:milk=1\n\ndata:x\n\n");
                    Expect.equal("x", session.stream().message(1), "the text");
                    var peer = target.openWebSocket();
                    peer.control("event:tea\ndata:milk=1\n\n");
                    peer.text("x");
                    peer.expectText("x");
                })
                .add("unknown parameters", "Parameters that a receiver does not know are ignored", target -> {
                    var peer = WebSocketPeer.connect(target, "postern.v1");
                    peer.attach("colour=red&epoch=1&=&x");
                    peer.text("x");
                    peer.expectText("x");
                })
                .add("limits", "`attached` tells the limits", target -> {
                    var attached = target.open().attached();
                    for (var name : List.of("heartbeat", "expiry", "max", "body")) {
                        Expect.that(attached.number(name) > 0, "a number above 0 as " + name, attached.raw());
                    }
                    long base64 = (attached.number("max") + 2) / 3 * 4;
                    Expect.that(attached.number("body") > base64, "a body for the largest message", attached.raw());
                })
                .toList();
    }
}
