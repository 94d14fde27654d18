package io.github.postern.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.server.Admission.Limit;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each limit with one less than it allows, as many, and one more. */
class AdmissionTest {
    private static final ServerOptions OPTIONS = ServerOptions.defaults();

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    @Test
    void sockets_are_let_in_up_to_the_limit() throws Exception {
        var admission = new Admission(OPTIONS.withMaxConnections(3));
        for (int i = 1; i <= 3; i++) {
            assertNull(admission.enter(address(i)));
        }
        assertEquals(Limit.CONNECTIONS, admission.enter(address(4)));
        admission.leave(address(2));
        assertNull(admission.enter(address(4)));
        assertEquals(Limit.CONNECTIONS, admission.enter(address(5)));
    }

    @Test
    void sockets_of_one_address_are_let_in_up_to_its_limit() throws Exception {
        var admission = new Admission(OPTIONS.withMaxConnectionsPerAddress(2));
        assertNull(admission.enter(address(1)));
        assertNull(admission.enter(address(1)));
        assertEquals(Limit.CONNECTIONS_PER_ADDRESS, admission.enter(address(1)));
        assertNull(admission.enter(address(2)));
        admission.leave(address(1));
        assertNull(admission.enter(address(1)));
        assertEquals(Limit.CONNECTIONS_PER_ADDRESS, admission.enter(address(1)));
    }

    @Test
    void handshakes_are_begun_up_to_the_limit() throws Exception {
        var admission = new Admission(OPTIONS.withMaxHandshakes(2));
        assertNull(admission.enter(address(1)));
        assertNull(admission.enter(address(2)));
        assertEquals(Limit.HANDSHAKES, admission.enter(address(3)));
        admission.endHandshake();
        assertNull(admission.enter(address(3)));
        assertEquals(Limit.HANDSHAKES, admission.enter(address(4)));
    }

    @Test
    void whoever_is_turned_away_is_not_counted() throws Exception {
        var admission = new Admission(OPTIONS.withMaxConnections(1));
        assertNull(admission.enter(address(1)));
        for (int i = 0; i < 10; i++) {
            assertEquals(Limit.CONNECTIONS, admission.enter(address(2)));
        }
        admission.endHandshake();
        admission.leave(address(1));
        assertEquals(0, admission.present());
        assertNull(admission.enter(address(2)));
    }

    @Test
    void as_many_are_told_why_at_a_time_as_there_may_be_handshakes() {
        var admission = new Admission(OPTIONS.withMaxHandshakes(2));
        assertTrue(admission.beginParting());
        assertTrue(admission.beginParting());
        assertFalse(admission.beginParting());
        admission.endParting();
        assertTrue(admission.beginParting());
        assertFalse(admission.beginParting());
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
        "2001:db8:1:2::1, 2001:db8:1:3::1, false",
        "10.0.0.1, 10.0.0.2, false",
        "10.0.0.1, 10.0.0.1, true",
        "::1, 0.0.0.1, false",
    })
    void an_ipv6_address_counts_as_its_64_bit_prefix(String a, String b, boolean same) throws Exception {
        var admission = new Admission(OPTIONS.withMaxConnectionsPerAddress(1));
        assertNull(admission.enter(InetAddress.getByName(a)));
        assertEquals(same ? Limit.CONNECTIONS_PER_ADDRESS : null, admission.enter(InetAddress.getByName(b)));
    }

    @Test
    @Timeout(30)
    void exactly_as_many_get_in_of_those_who_come_at_once() throws Exception {
        var admission = new Admission(OPTIONS.withMaxConnections(50).withMaxConnectionsPerAddress(1000));
        var start = new CountDownLatch(1);
        var in = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        var address = address(1);
        for (int i = 0; i < 16; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int j = 0; j < 100; j++) {
                    if (admission.enter(address) == null) {
                        in.incrementAndGet();
                    }
                }
            }));
        }
        start.countDown();
        for (var thread : threads) {
            thread.join();
        }
        assertEquals(50, in.get());
    }
}
