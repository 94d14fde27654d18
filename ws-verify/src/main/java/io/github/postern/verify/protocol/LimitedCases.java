package io.github.postern.verify.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a server with few sessions and one host refuses; see the package's Javadoc. Each case needs the sessions for itself. */
final class LimitedCases {
    /** The host that the endpoint serves. */
    static final String HOST = "limited.example";

    /** An endpoint that admits more sessions is not the one that is meant. */
    private static final int MOST = 100;

    private static final int TOO_MANY_FROM_ADDRESS = 429;
    private static final int TOO_MANY = 503;

    private LimitedCases() {}

    private static Request get() {
        return Request.get().with("Host", HOST);
    }

    private static Request handshake(String subprotocol) {
        return WebSocketPeer.handshake(subprotocol).with("Host", HOST);
    }

    /** Opens sessions until one is refused; returns how it was. */
    private static Response fill(Target target, List<Event> opened) throws Broken, IOException {
        while (opened.size() < MOST) {
            var response = target.ask(get().with("Postern-Epoch", 1));
            if (response.status() != 200) {
                return response;
            }
            opened.add(response.event("attached"));
        }
        throw new Broken("a refusal", MOST + " sessions");
    }

    private static void expectBusy(int status, Response response) throws Broken, IOException {
        Expect.refused(status, "busy", response);
        Expect.that(response.has("Retry-After"), "Retry-After", "none");
    }

    static List<Case> sessions() {
        return new Case.Section(11)
                .add(
                        "number of sessions",
                        "sessions / from one address, an IPv6 /64 counting as one | 10,000 / 1,000 | 503 / 429",
                        target -> {
                            var opened = new ArrayList<Event>();
                            var refused = fill(target, opened);
                            int status = refused.status() == TOO_MANY ? TOO_MANY : TOO_MANY_FROM_ADDRESS;
                            expectBusy(status, refused);
                            expectBusy(status, target.ask(get())); // a bare client
                            expectBusy(status, target.ask(handshake("")));
                            var upgraded = target.ask(handshake("postern.v1"));
                            Expect.status(101, upgraded);
                            var peer = WebSocketPeer.of(upgraded);
                            peer.control("event:attach\nid:0\ndata:epoch=1\n\n");
                            peer.expectClose(4000 + status);
                            var closing = Request.post("event:close\ndata:code=1000\n\n")
                                    .with("Host", HOST)
                                    .with("Postern-Session", opened.getFirst().parameter("session"))
                                    .with("Postern-Epoch", 1)
                                    .with("Postern-Sequence", 1);
                            Expect.status(200, target.ask(closing));
                            Expect.status(200, target.ask(get().with("Postern-Epoch", 1)));
                        })
                .toList();
    }

    static List<Case> hosts() {
        return new Case.Section(12)
                .add("host", "A server MAY admit only certain `Host` values (403, `host`).", target -> {
                    for (var host : List.of("other.example", "www." + HOST, HOST + ":81", HOST + ".example")) {
                        Expect.refused(
                                403,
                                "host",
                                target.ask(Request.get().with("Host", host).with("Postern-Epoch", 1)));
                        Expect.refused(403, "host", target.ask(Request.get().with("Host", host)));
                        Expect.refused(403, "host", target.ask(Request.post("").with("Host", host)));
                        Expect.refused(
                                403,
                                "host",
                                target.ask(WebSocketPeer.handshake("").with("Host", host)));
                    }
                    Expect.status(400, target.ask(get().with("Postern-Epoch", "x")));
                })
                .toList();
    }
}
