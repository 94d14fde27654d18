package io.github.postern.verify.proxies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.push.PushOptions;
import io.github.postern.push.PushSession;
import io.github.postern.push.PushTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers behind a proxy come and go, while clients on every transport and the servers send each other numbers. */
@Timeout(120)
class RollingRestartTest {
    private static final Duration WINDOW = Duration.ofMillis(500);
    private static final Duration GRACE = Duration.ofSeconds(20);

    /** Longer than anything but a client that is away, on a busy machine too. */
    private static final Duration EXPIRY = Duration.ofSeconds(3);

    private static final int TRANSPORTS = PushTransport.values().length;

    @ParameterizedTest
    @EnumSource
    void a_rolling_restart_loses_nothing_in_either_direction(ProxyProgram program) throws Exception {
        try (var fleet = new Fleet(program, PushOptions.defaults())) {
            int portOfA = fleet.server(0).port();
            int portOfB = fleet.server(1).port();
            var ofA = fleet.connect("a");
            var ofB = fleet.connect("b");
            fleet.awaitProgress();
            assertTrue(ofA.stream().allMatch(client -> "a".equals(client.home())));
            assertTrue(ofB.stream().allMatch(client -> "b".equals(client.home())));

            fleet.server(0).shutdown(WINDOW, GRACE);
            fleet.await(() -> ofA.stream().allMatch(client -> "b".equals(client.home())));
            fleet.serve("new a", portOfA);
            fleet.awaitProgress();
            assertEquals(2 * TRANSPORTS, fleet.server(1).sessions().size(), "sessions stay where they are");
            assertTrue(ofA.stream().allMatch(client -> client.sessions() == 2));
            assertTrue(ofB.stream().allMatch(client -> client.sessions() == 1));

            fleet.server(1).shutdown(WINDOW, GRACE);
            fleet.await(() -> ofA.stream().allMatch(client -> "new a".equals(client.home()))
                    && ofB.stream().allMatch(client -> "new a".equals(client.home())));
            fleet.serve("new b", portOfB);
            var later = fleet.connect("b");
            fleet.awaitProgress();
            assertTrue(later.stream().allMatch(client -> "new b".equals(client.home())));

            fleet.openNoMore();
            fleet.server(2).shutdown(WINDOW, GRACE);
            fleet.server(3).shutdown(Duration.ZERO, GRACE);
            var all = fleet.end();
            assertEquals(3 * TRANSPORTS + 2 * TRANSPORTS + TRANSPORTS, all.size(), all::toString);
            for (var sides : all) {
                sides.client().assertComplete(1001, sides.server());
                sides.server().assertComplete(1001, sides.client());
            }
        }
    }

    /** The process is there, but for all that anybody can see it is not. */
    @ParameterizedTest
    @EnumSource
    void both_sides_are_told_what_a_server_that_is_gone_takes_with_it(ProxyProgram program) throws Exception {
        try (var fleet = new Fleet(program, PushOptions.defaults().withExpiry(EXPIRY))) {
            var clients = fleet.connect("a");
            fleet.awaitProgress();
            var gone = sessions(clients);
            fleet.openNoMore();
            int b = fleet.server(1).port();
            fleet.proxy().reload(Map.of(8081, b, 8082, b));
            fleet.await(() -> fleet.server(0).sessions().isEmpty());
            var all = fleet.end();
            assertEquals(gone.size(), all.size(), all::toString);
            for (var sides : all) {
                sides.client().assertTold(4410, sides.server());
                sides.server().assertTold(4408, sides.client());
                assertTrue(sides.server().lost(sides.client()) > 0, "it has gone on sending until the session expired");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void no_session_ends_when_the_proxy_is_reloaded(ProxyProgram program) throws Exception {
        try (var fleet = new Fleet(program, PushOptions.defaults())) {
            var clients = fleet.connect("a");
            clients.addAll(fleet.connect("b"));
            fleet.awaitProgress();
            var before = sessions(clients);
            fleet.proxy()
                    .reload(Map.of(
                            8081, fleet.server(0).port(), 8082, fleet.server(1).port()));
            fleet.awaitProgress();
            assertEquals(before, sessions(clients));
            fleet.openNoMore();
            fleet.server(0).shutdown(Duration.ZERO, GRACE);
            fleet.server(1).shutdown(Duration.ZERO, GRACE);
            for (var sides : fleet.end()) {
                sides.client().assertComplete(1001, sides.server());
                sides.server().assertComplete(1001, sides.client());
            }
        }
    }

    private static List<PushSession> sessions(List<Fleet.Client> clients) {
        var sessions = new ArrayList<PushSession>();
        clients.forEach(client -> sessions.add(client.session()));
        return sessions;
    }
}
