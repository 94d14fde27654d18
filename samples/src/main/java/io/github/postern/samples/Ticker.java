package io.github.postern.samples;

import io.github.postern.push.PushLimits;
import io.github.postern.push.PushOptions;
import io.github.postern.push.PushServer;
import io.github.postern.push.PushSession;
import io.github.postern.push.Topic;
import io.github.postern.push.TopicOptions;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.core.CloseStatus;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Prices that change all the time, for readers of any speed. A client says one of the policies below and gets {@code {"symbol": …, "price": …, "n": …}} for each
 * change; n counts the changes of that symbol, so a gap tells how many values were left out.
 */
final class Ticker {
    private static final List<String> SYMBOLS =
            List.of("ASH", "BAY", "ELM", "FIR", "FLAX", "HAZEL", "OAK", "PINE", "RYE", "YEW");

    /** What waits for one reader at most: a policy decides what happens beyond that. */
    private static final int WAITING = 400;

    /** For each policy the same prices. Who subscribes later gets the last price of every symbol at once. */
    private static final Map<Policy, Topic> TOPICS = Arrays.stream(Policy.values())
            .collect(Collectors.toMap(
                    policy -> policy,
                    policy -> Topic.of(policy.name(), TopicOptions.defaults().withHistoryMessages(SYMBOLS.size()))));

    private Ticker() {}

    /** What happens to a price for a reader that does not keep up. */
    private enum Policy {
        /** It takes the place of an older price of the same symbol that still waits. */
        CONFLATE,
        /** The prices that have waited longest are dropped. */
        DROP_OLDEST,
        /** It is dropped itself. */
        DROP_NEWEST,
        /** The session is closed with 4507. */
        CLOSE;

        SlowConsumer forPriceOf(String symbol) {
            return switch (this) {
                case CONFLATE -> SlowConsumer.conflate(symbol);
                case DROP_OLDEST -> SlowConsumer.DROP_OLDEST;
                case DROP_NEWEST -> SlowConsumer.DROP_NEWEST;
                case CLOSE -> SlowConsumer.CLOSE;
            };
        }
    }

    public static void main(String[] args) throws Exception {
        var command = Arguments.command(
                        "ticker",
                        "A topic with fast and slow readers: prices are conflated, dropped, or the reader closed.",
                        "",
                        "In a browser / is a page with a fast reader and a slow one, side by side. At most " + WAITING
                                + " prices wait for a reader.",
                        "")
                .addOption(Arguments.port())
                .addOption(Arguments.number("--rate", "N", 300, "How many prices change in a second"));
        Arguments.run(command, args, Ticker::run);
    }

    private static int run(Arguments arguments) throws Exception {
        int rate = arguments.number("--rate", 1, 10_000);
        try (var server = start(arguments.portNumber())) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close)); // Ctrl-C: everybody is told 1001
            Thread.ofVirtual().start(() -> publish(rate));
            System.out.printf("http://localhost:%d/%n", server.port());
            server.awaitEnd();
        }
        return 0;
    }

    static PushServer start(int port) throws IOException {
        var limits = PushLimits.defaults().withUnacknowledged(WAITING, 1 << 20);
        return PushServer.builder()
                .port(port)
                .options(PushOptions.defaults().withLimits(limits))
                .path("/push", Ticker::serve)
                .resources(Pages.of("ticker"))
                .resources(Pages.shared())
                .start();
    }

    /** The first message of a client chooses the policy; the topic does the rest. */
    private static void serve(PushSession session) {
        for (var message : session) {
            var chosen = Arrays.stream(Policy.values())
                    .filter(policy -> message.equals(new Message.Text(policy.name())))
                    .findFirst();
            if (chosen.isEmpty()) {
                session.close(CloseStatus.of(1008, "not a policy"));
            } else {
                TOPICS.forEach((policy, topic) -> {
                    if (policy == chosen.get()) {
                        topic.subscribe(session);
                    } else {
                        topic.unsubscribe(session);
                    }
                });
            }
        }
    }

    /** Changes one price after the other, for ever, and waits for no reader. */
    private static void publish(int rate) {
        var random = new Random();
        var cents = random.ints(SYMBOLS.size(), 2_000, 20_000).toArray();
        var changes = new long[SYMBOLS.size()];
        long next = System.nanoTime();
        while (true) {
            int i = random.nextInt(SYMBOLS.size());
            cents[i] = Math.max(100, cents[i] + random.nextInt(-40, 41));
            var symbol = SYMBOLS.get(i);
            var price = String.format(
                    Locale.ROOT, "{\"symbol\":\"%s\",\"price\":%.2f,\"n\":%d}", symbol, cents[i] / 100.0, ++changes[i]);
            TOPICS.forEach((policy, topic) -> topic.publish(price, policy.forPriceOf(symbol)));
            next += 1_000_000_000L / rate;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }
}
