package io.github.postern.verify.protocol;

import java.io.IOException;
import java.util.List;

/** §12 Origin and CORS. */
final class OriginCases {
    private OriginCases() {}

    /** Each kind of request, with a field more. */
    private static List<Request> requests(String name, String value) {
        return List.of(
                Request.get().with("Postern-Epoch", 1).with(name, value),
                Request.get().with(name, value), // a bare client's
                Request.post("data:x\n\n").with("Postern-Epoch", 1).with(name, value),
                WebSocketPeer.handshake("postern.v1").with(name, value),
                WebSocketPeer.handshake("").with(name, value),
                Request.of("OPTIONS")
                        .with("Access-Control-Request-Method", "POST")
                        .with(name, value));
    }

    private static void expectForeign(Target target, String name, String value) throws Broken, IOException {
        for (var request : requests(name, value)) {
            var response = target.ask(request);
            Expect.refused(403, "origin", response);
            Expect.header("Access-Control-Allow-Origin", null, response);
        }
    }

    static List<Case> list() {
        return new Case.Section(12)
                .add(
                        "foreign origins",
                        "Every request with an `Origin` header whose scheme, host and port are not those of the request itself is answered 403 (`origin`), unless the origin is on the server's list; WebSocket included, loopback addresses included.",
                        target -> {
                            var own = target.uri();
                            for (var origin : List.of(
                                    "https://evil.example",
                                    "null",
                                    "",
                                    "https://" + own.getRawAuthority(),
                                    "http://" + own.getHost() + ":1",
                                    "http://127.0.0.2:" + own.getPort(),
                                    "http://" + own.getRawAuthority() + ".evil.example")) {
                                expectForeign(target, "Origin", origin);
                            }
                        })
                .add(
                        "foreign pages without Origin",
                        "So is a request without `Origin` whose `Sec-Fetch-Site` is `cross-site` or `same-site`.",
                        target -> {
                            expectForeign(target, "Sec-Fetch-Site", "cross-site");
                            expectForeign(target, "Sec-Fetch-Site", "same-site");
                        })
                .add(
                        "own origin",
                        "A request with neither (not a browser, or a browser's same-origin GET) is admitted.",
                        target -> {
                            var own = "http://" + target.uri().getRawAuthority();
                            Expect.status(
                                    200,
                                    target.ask(Request.get()
                                            .with("Postern-Epoch", 1)
                                            .with("Origin", own)));
                            for (var site : List.of("same-origin", "none")) {
                                var get = Request.get().with("Postern-Epoch", 1).with("Sec-Fetch-Site", site);
                                Expect.status(200, target.ask(get));
                            }
                        })
                .add(
                        "a listed origin",
                        "For a listed origin responses bear `Access-Control-Allow-Origin` (the origin itself), `Vary: Origin`, `Access-Control-Allow-Credentials: true`",
                        target -> {
                            var origin = target.origin();
                            var response = target.ask(
                                    Request.get().with("Postern-Epoch", 1).with("Origin", origin));
                            Expect.status(200, response);
                            Expect.header("Access-Control-Allow-Origin", origin, response);
                            Expect.header("Vary", "Origin", response);
                            Expect.header("Access-Control-Allow-Credentials", "true", response);
                            var exposed = String.valueOf(response.header("Access-Control-Expose-Headers"));
                            for (var name : List.of(
                                    "Postern-Session",
                                    "Postern-Id",
                                    "Postern-Epoch",
                                    "Postern-Received",
                                    "Postern-Expected",
                                    "Postern-Error",
                                    "Retry-After")) {
                                Expect.that(exposed.contains(name), name + " exposed", exposed);
                            }
                        })
                .add(
                        "preflight",
                        "preflights get 204 with `Access-Control-Allow-Methods`, `Access-Control-Allow-Headers` (the request headers of this page), `Access-Control-Max-Age: 7200`.",
                        target -> {
                            var preflight = Request.of("OPTIONS")
                                    .with("Origin", target.origin())
                                    .with("Access-Control-Request-Method", "POST");
                            var response = target.ask(preflight);
                            Expect.status(204, response);
                            Expect.header("Access-Control-Max-Age", "7200", response);
                            var methods = String.valueOf(response.header("Access-Control-Allow-Methods"));
                            Expect.that(methods.contains("POST"), "POST allowed", methods);
                            var allowed = String.valueOf(response.header("Access-Control-Allow-Headers"));
                            for (var name : List.of(
                                    "Content-Type",
                                    "Last-Event-ID",
                                    "Postern-Session",
                                    "Postern-Epoch",
                                    "Postern-Transport",
                                    "Postern-Sequence",
                                    "Postern-Padding",
                                    "Postern-Version")) {
                                Expect.that(allowed.contains(name), name + " allowed", allowed);
                            }
                        })
                .toList();
    }
}
