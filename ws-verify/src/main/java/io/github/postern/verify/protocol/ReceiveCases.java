package io.github.postern.verify.protocol;

import java.time.Duration;
import java.util.List;

/** §6 Receiving over HTTP. */
final class ReceiveCases {
    private ReceiveCases() {}

    static List<Case> list() {
        return new Case.Section(6)
                .add(
                        "headers",
                        "Response: `200`, `Content-Type: text/event-stream;charset=utf-8`, `Cache-Control: no-store, no-transform`, `X-Accel-Buffering: no` (the last not on `polling`).",
                        target -> {
                            for (var transport : List.of("sse", "long-polling", "polling")) {
                                var get = Request.get()
                                        .with("Postern-Epoch", 1)
                                        .with("Postern-Transport", transport)
                                        .with("Accept-Encoding", "gzip, br");
                                var response = target.ask(get);
                                var type = String.valueOf(response.header("Content-Type"));
                                Expect.equal("text/event-stream;charset=utf-8", type.replace(" ", ""), "the type");
                                Expect.header("Cache-Control", "no-store, no-transform", response);
                                var buffering = transport.equals("polling") ? null : "no";
                                Expect.header("X-Accel-Buffering", buffering, response);
                                Expect.header("Content-Encoding", null, response);
                            }
                        })
                .add("a stream stays", "`sse`: never ends by itself.", target -> {
                    var session = target.open();
                    session.send(1, "data:a\n\n");
                    session.stream().message(1);
                    session.stream().expectOpen();
                    session.send(2, "data:b\n\n");
                    session.stream().message(2);
                })
                .add(
                        "the first poll is a round trip",
                        "A response with an `attached` record ends at once, so the first poll of an epoch is a round trip.",
                        target -> Session.open(target, "long-polling").stream().end())
                .add(
                        "a long poll ends with a batch",
                        "ends after the first batch, which is every message then unacknowledged that comes after `Last-Event-ID`",
                        target -> {
                            var session = Session.open(target, "long-polling");
                            var hanging = target.connect();
                            hanging.write(session.get("long-polling", 0).encode(target.uri()));
                            Expect.that(hanging.isQuietFor(Target.QUIET), "a hanging poll", "an answer");
                            session.send(1, "data:!push 20 10\n\n");
                            long position = Response.read(hanging, false).rest().size();
                            Expect.that(position >= 1, "a batch", position);
                            while (position < 20) {
                                var poll = session.poll("long-polling", position);
                                var batch = poll.rest();
                                Expect.equal(position + 1, batch.getFirst().number(), "the number");
                                position = batch.getLast().number();
                            }
                        })
                .add(
                        "a long poll ends empty",
                        "after 25 s without one (an option of the server, at most `heartbeat`) it ends empty, with 200.",
                        target -> {
                            var session = Session.open(target, "long-polling");
                            var longest = Duration.ofMillis(session.attached().number("heartbeat"))
                                    .plus(target.patience());
                            var poll = target.ask(session.get("long-polling", 0), longest);
                            Expect.status(200, poll);
                            poll.end();
                        })
                .add("polling", "`polling`: ends at once, with what there is.", target -> {
                    var session = Session.open(target, "polling");
                    session.stream().end();
                    var poll = session.poll("polling", 0);
                    Expect.status(200, poll);
                    poll.end();
                })
                .add("the end", "Any of them ends after a `close` or `detach` record.", target -> {
                    for (var transport : List.of("sse", "long-polling", "polling")) {
                        var session = target.open();
                        session.send(1, "data:!close 3001 over\n\n");
                        Expect.equal("3001", session.stream().event("close").parameter("code"), "the code");
                        session.stream().end();
                        var again = session.attach(transport, 0);
                        Expect.equal("over", again.event("close").parameter("reason"), "the reason");
                        again.end();
                    }
                })
                .add("a poll acknowledges", "Each poll acknowledges by its `Last-Event-ID`.", target -> {
                    var session = Session.open(target, "long-polling");
                    session.send(1, "data:a\n\n");
                    session.poll("long-polling", 0).message(1);
                    var hanging = target.connect();
                    hanging.write(session.get("long-polling", 1).encode(target.uri()));
                    Expect.that(hanging.isQuietFor(Target.QUIET), "a hanging poll", "an answer");
                    Expect.refused(400, "position", session.next().poll("long-polling", 0));
                })
                .add(
                        "a POST acknowledges",
                        "A client on SSE acknowledges by the `Last-Event-ID` of any POST",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:a\n\n");
                            session.stream().message(1);
                            var post = session.body(2, "data:b\n\n").with("Last-Event-ID", 1);
                            Expect.status(200, target.ask(post));
                            Expect.refused(400, "position", session.next().poll("sse", 0));
                        })
                .toList();
    }
}
