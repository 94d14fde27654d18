package io.github.postern.ws.server;

import static io.github.postern.ws.server.RawClient.upgrade;
import static io.github.postern.ws.server.Servers.ECHO;
import static io.github.postern.ws.server.Servers.loopback;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long connections live. */
@Timeout(60)
class DeadlineTest {
    @RegisterExtension
    final Servers servers = new Servers();

    @Test
    void lifetimes_differ_by_a_tenth_at_most_and_use_all_of_it() {
        long lifetime = TimeUnit.HOURS.toNanos(1);
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int i = 0; i < 10_000; i++) {
            long before = System.nanoTime();
            long deadline = Deadline.ofLifetime(Duration.ofHours(1));
            shortest = Math.min(shortest, deadline - before);
            longest = Math.max(longest, deadline - System.nanoTime());
        }
        assertTrue(shortest >= lifetime * 9 / 10 && shortest < lifetime * 91 / 100, "shortest: " + shortest);
        assertTrue(longest <= lifetime * 11 / 10 && longest > lifetime * 109 / 100, "longest: " + longest);
    }

    @Test
    void no_lifetime_is_no_deadline() {
        assertEquals(Deadline.NONE, Deadline.ofLifetime(Duration.ZERO));
        assertFalse(Deadline.hasPassed(Deadline.NONE, Long.MAX_VALUE));
    }

    @Test
    void a_deadline_has_passed_at_its_nanosecond() {
        assertFalse(Deadline.hasPassed(100, 99));
        assertTrue(Deadline.hasPassed(100, 100));
        assertTrue(Deadline.hasPassed(100, 101));
        assertTrue(Deadline.hasPassed(Long.MAX_VALUE, Long.MIN_VALUE), "nanoTime may overflow");
    }

    @Test
    void a_connection_at_the_end_of_its_lifetime_is_told_that_the_server_goes_away() throws Exception {
        var options = ServerOptions.defaults().withMaxLifetime(Duration.ofMillis(200));
        var server = servers.start(loopback().path("/", ECHO).options(options));
        long begin = System.nanoTime();
        try (var client = new RawClient(server)) {
            client.send(upgrade("/")).readHead();
            assertEquals("880203e9", client.readHex(4));
            assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(180));
            client.sendHex("8882 00000000 03e9");
            assertEquals("", client.readRest());
        }
        assertTrue(Servers.eventually(() -> server.connections().isEmpty()));
    }

    @Test
    void a_connection_lives_on_by_default() throws Exception {
        var server = servers.start(loopback()
                .path("/", ECHO)
                .options(ServerOptions.defaults().withHandshakeTimeout(Duration.ofMillis(20))));
        try (var client = new RawClient(server);
                var late = new RawClient(server)) {
            client.send(upgrade("/")).readHead();
            assertTrue(late.isCutOff()); // so sweeps have passed since
            assertEquals("81024869", client.sendHex("8182 00000000 4869").readHex(4));
        }
    }
}
