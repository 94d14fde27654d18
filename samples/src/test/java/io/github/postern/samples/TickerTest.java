package io.github.postern.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushClient;
import io.github.postern.push.PushClientOptions;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TickerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Of 1,000 prices. */
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    private static SampleProcess ticker;
    private static URI uri;

    @BeforeAll
    static void start() throws IOException {
        ticker = SampleProcess.start("ticker", "--port", "0", "--rate", "10000");
        uri = uri(ticker);
    }

    @AfterAll
    static void stop() {
        ticker.close();
    }

    private static URI uri(SampleProcess ticker) throws IOException {
        return URI.create("http://localhost:" + ticker.port() + "/push");
    }

    private record Price(String symbol, long n) {}

    /** A reader that takes what waits ten times a second. */
    private static PushSession slow(String policy) throws IOException {
        var session = PushClient.builder(uri)
                .transport(PushTransport.POLLING)
                .options(PushClientOptions.defaults().withPollInterval(POLL_INTERVAL))
                .connect();
        session.send(policy);
        return session;
    }

    private static Price next(PushSession session) throws Exception {
        var json =
                ChatParticipant.object(((Message.Text) session.receive(PATIENCE).orElseThrow()).text());
        assertTrue(json.getJsonNumber("price").doubleValue() > 0, json.toString());
        return new Price(json.getString("symbol"), json.getJsonNumber("n").longValue());
    }

    @Test
    void a_fast_reader_gets_each_change_of_each_symbol() throws Exception {
        try (var slower = SampleProcess.start("ticker", "--port", "0", "--rate", "1000");
                var session = PushClient.connect(uri(slower))) {
            session.send("CLOSE");
            var last = new HashMap<String, Long>();
            for (int i = 0; i < 3_000; i++) {
                var price = next(session);
                var before = last.put(price.symbol(), price.n());
                assertTrue(before == null || price.n() == before + 1, before + " before " + price);
            }
            assertEquals(10, last.size());
        }
    }

    @Test
    void a_slow_reader_gets_each_symbol_once_a_poll_and_always_a_newer_price() throws Exception {
        try (var session = slow("CONFLATE")) {
            var prices = take(session, 60);
            var last = new HashMap<String, Long>();
            long left = 0;
            for (var price : prices) {
                var before = last.put(price.symbol(), price.n());
                if (before != null) {
                    assertTrue(price.n() > before, before + " before " + price);
                    left += price.n() - before - 1;
                }
            }
            assertEquals(10, last.size());
            // 1,000 prices change between two polls, and ten of them are sent
            assertTrue(left > 1_000, left + " conflated");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DROP_OLDEST", "DROP_NEWEST"})
    void dropping_keeps_the_order_and_leaves_gaps(String policy) throws Exception {
        try (var session = slow(policy)) {
            var last = new HashMap<String, Long>();
            long left = 0;
            for (var price : take(session, 2_000)) {
                var before = last.put(price.symbol(), price.n());
                if (before != null) {
                    assertTrue(price.n() > before, before + " before " + price);
                    left += price.n() - before - 1;
                }
            }
            assertTrue(left > 500, left + " dropped");
        }
    }

    @Test
    void a_slow_reader_is_closed_with_4507_if_it_may_miss_nothing() throws Exception {
        try (var session = slow("CLOSE")) {
            var end = assertThrows(ConnectionClosedException.class, () -> take(session, 100_000));
            assertEquals(4507, end.closeInfo().status().code());
        }
    }

    @Test
    void who_asks_for_something_else_is_closed_with_1008() throws Exception {
        try (var session = slow("FASTER")) {
            var end = assertThrows(ConnectionClosedException.class, () -> next(session));
            assertEquals(1008, end.closeInfo().status().code());
        }
    }

    private static List<Price> take(PushSession session, int count) throws Exception {
        var prices = new ArrayList<Price>();
        while (prices.size() < count) {
            prices.add(next(session));
        }
        return prices;
    }
}
