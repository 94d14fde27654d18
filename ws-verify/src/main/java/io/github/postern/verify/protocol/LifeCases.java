package io.github.postern.verify.protocol;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** §10 Heartbeats and expiry, §11 Limits. */
final class LifeCases {
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(10);

    private LifeCases() {}

    static List<Case> life() {
        return new Case.Section(10)
                .add(
                        "heartbeat of a stream",
                        "The server sends something on an SSE response or a WebSocket at least every `heartbeat` (25 s)",
                        target -> {
                            var session = target.open();
                            var heartbeat = Duration.ofMillis(session.attached().number("heartbeat"));
                            session.stream().patience(heartbeat.plus(target.patience()));
                            for (int i = 0; i < 2; i++) {
                                Expect.equal(":", session.stream().line(), "the heartbeat");
                            }
                        })
                .add("heartbeat of a WebSocket", "or the frame `00`, when there is nothing else.", target -> {
                    var peer = WebSocketPeer.connect(target, "postern.v1");
                    var heartbeat = Duration.ofMillis(peer.attach("epoch=1").number("heartbeat"));
                    peer.wire().patience(heartbeat.plus(target.patience()));
                    var frame = peer.frame();
                    Expect.that(frame.isHeartbeat(), "a heartbeat", frame);
                })
                .add(
                        "expiry",
                        "A session without an attachment (between polls: without a hanging poll) for `expiry` (120 s) is over: 4408.",
                        target -> {
                            var session = Session.open(target, "polling");
                            var expiry = Duration.ofMillis(session.attached().number("expiry"));
                            letPass(target, expiry.plusMillis(1_500));
                            var gone = session.poll("polling", 0);
                            Expect.refused(410, "session", gone);
                            Expect.equal("4408", gone.event("close").parameter("code"), "the code");
                        })
                .add("an attachment keeps a session", "A session without an attachment", target -> {
                    var session = target.open();
                    var lasting = Duration.ofMillis(session.attached().number("expiry"))
                            .plusMillis(1_500);
                    letPass(target, lasting);
                    session.send(1, "data:x\n\n");
                    Expect.equal("x", session.stream().message(1), "the text");
                })
                .toList();
    }

    static List<Case> limits() {
        return new Case.Section(11)
                .add(
                        "overflow",
                        "the sending application waits up to 10 s; then the session is closed with 4507, the sender gets an exception, the client is told as in §9",
                        target -> {
                            var session = target.open();
                            session.stream().patience(SEND_TIMEOUT.plus(target.patience()));
                            session.send(1, "data:!push 1001 1\n\n");
                            var events = session.stream().rest();
                            var close = events.getLast();
                            Expect.equal("close", close.event(), "the last record");
                            Expect.equal("4507", close.parameter("code"), "the code");
                            Expect.equal(1_001L, close.number(), "the number");
                        })
                .add(
                        "acknowledged in time",
                        "unacknowledged messages to the client | 1,000, and 256 KiB of data",
                        target -> {
                            var session = target.open();
                            session.send(1, "data:!push 3000 1\n\n");
                            for (long n = 1; n <= 3_000; n++) {
                                session.stream().message(n);
                                if (n % 250 == 0) {
                                    Expect.status(204, session.acknowledge(n));
                                }
                            }
                        })
                .toList();
    }

    /** Follows another session for so long, by its heartbeats. */
    private static void letPass(Target target, Duration time) throws Broken, IOException {
        var clock = target.open();
        var heartbeat = Duration.ofMillis(clock.attached().number("heartbeat"));
        clock.stream().patience(heartbeat.plus(target.patience()));
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < time.toNanos()) {
            Expect.equal(":", clock.stream().line(), "the heartbeat");
        }
    }
}
