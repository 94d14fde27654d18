package io.github.postern.verify.conformance;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import io.github.postern.ws.server.WebSocketServer;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Our server, case by case. */
class OurServerTest {
    @TestFactory
    Stream<DynamicTest> our_server_keeps_to_the_rules() throws Exception {
        var results = results(PerMessageDeflate.defaults(), Suite.server());
        return Stream.concat(
                Stream.of(dynamicTest("counts", () -> Expectation.told("server", results))), tests(results));
    }

    @TestFactory
    Stream<DynamicTest> our_server_keeps_to_the_rules_with_context_takeover() throws Exception {
        var deflate = new PerMessageDeflate(false, false, 15, 15);
        return tests(results(deflate, Suite.only(Suite.server(), id -> id.startsWith("7692-"))));
    }

    private static Stream<DynamicTest> tests(List<Result> results) {
        return results.stream().map(result -> dynamicTest(result.of().id(), () -> Expectation.passed(result)));
    }

    private static List<Result> results(PerMessageDeflate deflate, List<Case<? super ServerTarget>> cases)
            throws Exception {
        var settings = Settings.DEFAULTS
                .withMaxMessage(Math.toIntExact(Limits.defaults().maxMessageSize()))
                .withMaxFragments(Limits.defaults().maxFragments());
        try (var server = WebSocketServer.builder()
                .host(InetAddress.getLoopbackAddress())
                .deflate(deflate)
                .path("/", ws -> {
                    for (var message : ws) {
                        ws.send(message);
                    }
                })
                .start()) {
            return new ServerRun(URI.create("ws://localhost:" + server.port() + "/"), settings).run(cases);
        }
    }
}
