package io.github.postern.verify.protocol;

import java.io.IOException;
import java.util.List;

/** §13 Bare clients. */
final class BareCases {
    private BareCases() {}

    /** A bare stream, and the secret that its first record told. */
    private record Stream(Response response, String secret) {
        static Stream open(Target target) throws Broken, IOException {
            return of(target.ask(Request.get().with("Accept", "text/event-stream")));
        }

        static Stream of(Response response) throws Broken, IOException {
            Expect.status(200, response);
            return new Stream(response, secret(response.event()));
        }

        private static String secret(Event first) throws Broken {
            var id = String.valueOf(first.id());
            Expect.that(
                    first.data() == null && id.matches("[A-Za-z0-9_-]{22,128}\\.[0-9]+"), "id:SECRET.0", first.raw());
            return id.substring(0, id.lastIndexOf('.'));
        }

        Event event(long number) throws Broken, IOException {
            var event = response.event();
            Expect.equal(secret + "." + number, event.id(), "the id");
            return event;
        }

        Request post(String records) {
            return Request.post(records).with("Postern-Session", secret);
        }

        Request resume(long position) {
            return Request.get().with("Last-Event-ID", secret + "." + position);
        }
    }

    static List<Case> list() {
        return new Case.Section(13)
                .add(
                        "WebSocket",
                        "**WebSocket without `postern.v1`**: text and binary frames are messages as they are, both ways.",
                        target -> {
                            var peer = WebSocketPeer.connect(target, "");
                            for (var text : List.of("", "hello", "a\r\nb", "😀")) {
                                peer.text(text);
                                peer.expectText(text);
                            }
                            for (var bytes : List.of("", "\0", "\1", "\0event:close\n\n")) {
                                peer.binary(bytes);
                                var frame = peer.frame();
                                Expect.that(!frame.isText() && frame.payload().equals(bytes), "the bytes", frame);
                            }
                        })
                .add("the end of a WebSocket", "its Close frame is the session's close", target -> {
                    var peer = WebSocketPeer.connect(target, "");
                    peer.text("!close 3003 over");
                    Expect.equal("over", peer.expectClose(3003).reason(), "the reason");
                })
                .add(
                        "the first record",
                        "a first record without data (which `EventSource` does not dispatch) sets the position: `id:SECRET.0`",
                        target -> {
                            var stream = Stream.open(target);
                            Expect.header("Postern-Session", null, stream.response());
                            Expect.status(200, target.ask(stream.post("data:x\n\n")));
                            Expect.equal("x", stream.event(1).message(), "the text");
                        })
                .add(
                        "texts",
                        "A text with CR is sent as lines (CR LF and CR become LF); binary messages are `binary` events.",
                        target -> {
                            var stream = Stream.open(target);
                            Expect.status(200, target.ask(stream.post("event:text\ndata:YQ1iDQpjCmQ=\n\n")));
                            var lines = stream.event(1);
                            Expect.equal("", lines.event(), "the kind");
                            Expect.equal("a\nb\nc\nd", lines.data(), "the text");
                            Expect.status(200, target.ask(stream.post("event:binary\ndata:AAH/\n\n")));
                            var binary = stream.event(2);
                            Expect.equal("binary", binary.event(), "the kind");
                            Expect.equal("\0\1\u00ff", binary.message(), "the bytes");
                        })
                .add(
                        "resume",
                        "The client resumes by returning the last `id` as `Last-Event-ID`, as `EventSource` does by itself; the newest such request always takes over.",
                        target -> {
                            var stream = Stream.open(target);
                            Expect.status(200, target.ask(stream.post("data:a\n\ndata:b\n\n")));
                            stream.event(1);
                            var again = Stream.of(target.ask(stream.resume(1)));
                            Expect.equal(stream.secret(), again.secret(), "the secret");
                            Expect.equal("b", again.event(2).message(), "the text");
                            var newest = Stream.of(target.ask(stream.resume(1)));
                            again.response().event("detach");
                            again.response().end();
                            Expect.equal("b", newest.event(2).message(), "the text");
                        })
                .add(
                        "a lost session",
                        "the response begins with `event:lost` (`reason=session`, and the session is a new one;",
                        target -> {
                            for (var id : List.of("nobody.7", "7", "x.y", "A".repeat(22) + ".1")) {
                                var response = target.ask(Request.get().with("Last-Event-ID", id));
                                Expect.equal("session", response.event("lost").parameter("reason"), "the reason");
                                var stream = Stream.of(response);
                                Expect.status(200, target.ask(stream.post("data:x\n\n")));
                                Expect.equal("x", stream.event(1).message(), "the text");
                            }
                        })
                .add("lost messages", "`reason=overflow&from=…&to=…`) and goes on.", target -> {
                    var stream = Stream.open(target);
                    Expect.status(200, target.ask(stream.post("data:!push 1500 1\n\n")));
                    for (long n = 1; n <= 1_500; n++) {
                        stream.event(n);
                    }
                    var again = target.ask(stream.resume(0));
                    var lost = again.event("lost");
                    Expect.equal("overflow", lost.parameter("reason"), "the reason");
                    Expect.equal(1L, lost.number("from"), "from");
                    long to = lost.number("to");
                    Expect.that(to >= 500 && to < 1_500, "a part lost", lost.raw());
                    var next = again.event();
                    next = next.data() == null ? again.event() : next;
                    Expect.equal(stream.secret() + "." + (to + 1), next.id(), "the id");
                })
                .add(
                        "the end",
                        "The end of the session is `event:close`; an `EventSource` then reconnects by itself and gets 204, which stops it.",
                        target -> {
                            var stream = Stream.open(target);
                            Expect.status(200, target.ask(stream.post("data:!close 3003 over\n\n")));
                            Expect.equal(
                                    "3003", stream.response().event("close").parameter("code"), "the code");
                            stream.response().end();
                            Expect.status(204, target.ask(stream.resume(1)));
                        })
                .add("POST", "records are taken in as they come, without protection from repetition", target -> {
                    var stream = Stream.open(target);
                    Expect.status(200, target.ask(stream.post("data:x\n\n")));
                    Expect.status(200, target.ask(stream.post("data:x\n\n")));
                    stream.event(1);
                    Expect.equal("x", stream.event(2).message(), "the text");
                })
                .add(
                        "the wrong kind",
                        "A secret is good only for the kind of client that got it; to the other kind its session is unknown.",
                        target -> {
                            var bare = Stream.open(target);
                            var get = Request.get()
                                    .with("Postern-Session", bare.secret())
                                    .with("Postern-Epoch", 1);
                            SendCases.expectUnknown(target.ask(get));
                            var post = bare.post("data:x\n\n")
                                    .with("Postern-Epoch", 1)
                                    .with("Postern-Sequence", 1);
                            SendCases.expectUnknown(target.ask(post));
                            var peer = WebSocketPeer.connect(target, "postern.v1");
                            peer.control("event:attach\nid:0\ndata:epoch=1&session=" + bare.secret() + "\n\n");
                            peer.expectClose(4410);
                            var session = target.open();
                            var mine = Request.post("data:x\n\n").with("Postern-Session", session.secret());
                            SendCases.expectUnknown(target.ask(mine));
                            var lost = target.ask(Request.get().with("Last-Event-ID", session.secret() + ".0"));
                            Expect.equal("lost", lost.event().event(), "the record");
                        })
                .toList();
    }
}
