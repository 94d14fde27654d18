package io.github.postern.verify.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.postern.ws.client.WebSocketClient;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.core.Limits;
import io.github.postern.ws.core.handshake.PerMessageDeflate;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Our client, case by case, as an echo client of the suite's client mode. */
class OurClientTest {
    private static final int AT_A_TIME = 8;

    @TestFactory
    Stream<DynamicTest> our_client_keeps_to_the_rules() throws Exception {
        var settings = Settings.DEFAULTS
                .withMaxMessage(Math.toIntExact(Limits.defaults().maxMessageSize()))
                .withMaxFragments(Limits.defaults().maxFragments());
        try (var run = ClientRun.start(Suite.client(), settings, 0)) {
            visit(
                    "ws://localhost:" + run.port(),
                    WebSocketClient.builder()
                            .deflate(PerMessageDeflate.defaults())
                            .build());
            run.await();
            assertEquals(Suite.client().size(), run.results().size());
            var results = List.copyOf(run.results());
            return Stream.concat(
                    Stream.of(dynamicTest("counts", () -> Expectation.told("client", results))),
                    results.stream().map(result -> dynamicTest(result.of().id(), () -> Expectation.passed(result))));
        }
    }

    private static void visit(String base, WebSocketClient client) throws Exception {
        int count;
        try (var ws = client.connect(URI.create(base + "/getCaseCount"))) {
            count = Integer.parseInt(
                    assertInstanceOf(Message.Text.class, ws.receive()).text());
        }
        assertEquals(Suite.client().size(), count);
        var next = new AtomicInteger();
        Callable<Void> visitor = () -> {
            for (int number = next.incrementAndGet(); number <= count; number = next.incrementAndGet()) {
                echo(client, URI.create(base + "/runCase?case=" + number + "&agent=postern"));
            }
            return null;
        };
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : executor.invokeAll(
                    IntStream.range(0, AT_A_TIME).mapToObj(i -> visitor).toList())) {
                done.get();
            }
        }
        client.connect(URI.create(base + "/updateReports?agent=postern")).close();
    }

    private static void echo(WebSocketClient client, URI uri) {
        try (var ws = client.connect(uri)) {
            for (var message : ws) {
                ws.send(message);
            }
        } catch (IOException e) {
            // a case that has to end so
        }
    }
}
