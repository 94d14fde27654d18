package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The count of network connections; the channels are connected to nothing. */
class AdmissionTest {
    private final Admission admission =
            new Admission(NetworkLimits.DEFAULTS.withMaxConnections(4).withMaxConnectionsPerAddress(2));
    private final List<SocketChannel> channels = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (var channel : channels) {
            channel.close();
        }
    }

    private SocketChannel channel() throws IOException {
        channels.add(SocketChannel.open());
        return channels.getLast();
    }

    private Admission.Answer enter(String address) throws IOException {
        return admission.enter(channel(), InetAddress.getByName(address));
    }

    @Test
    void an_ipv6_block_is_one_address() throws Exception {
        assertEquals(Admission.Answer.ADMITTED, enter("2001:db8:0:1::1"));
        assertEquals(Admission.Answer.ADMITTED, enter("2001:db8:0:1:ffff::2"));
        assertEquals(Admission.Answer.TOO_MANY_FROM_ADDRESS, enter("2001:db8:0:1::3"));
        assertEquals(Admission.Answer.ADMITTED, enter("2001:db8:0:2::1"));
        assertEquals(Admission.Answer.ADMITTED, enter("192.0.2.1"));
        assertEquals(Admission.Answer.TOO_MANY, enter("192.0.2.2"));
    }

    @Test
    void nothing_is_left_of_those_who_have_left() throws Exception {
        for (int n = 1; n <= 4; n++) {
            assertEquals(Admission.Answer.ADMITTED, enter("192.0.2." + n));
        }
        enter("192.0.2.5");
        for (var channel : channels) {
            admission.leave(channel);
            admission.leave(channel); // again changes nothing
        }
        assertEquals(0, admission.count());
    }

    @Test
    void what_was_closed_without_a_word_is_forgotten_once_and_the_rest_is_not() throws Exception {
        enter("192.0.2.1");
        enter("192.0.2.1");
        channels.getFirst().close();
        assertEquals(Admission.Answer.TOO_MANY_FROM_ADDRESS, enter("192.0.2.1"));
        admission.forgetClosed();
        admission.leave(channels.getFirst());
        assertEquals(Admission.Answer.ADMITTED, enter("192.0.2.1"));
        assertEquals(Admission.Answer.TOO_MANY_FROM_ADDRESS, enter("192.0.2.1"));
    }

    @Test
    void so_many_are_told_why_at_a_time_and_no_more() throws Exception {
        var first = channel();
        assertTrue(admission.beginParting(first));
        for (int n = 2; n <= Admission.MAX_PARTINGS; n++) {
            assertTrue(admission.beginParting(channel()), "parting " + n);
        }
        var late = channel();
        assertFalse(admission.beginParting(late));
        admission.endParting(first);
        assertTrue(admission.beginParting(late));
    }

    @Test
    void after_the_end_nobody_comes_in_and_everybody_has_been_taken_out() throws Exception {
        enter("192.0.2.1");
        assertTrue(admission.beginParting(channel()));
        assertEquals(Set.<Channel>copyOf(channels), new HashSet<>(admission.takeAll()));
        assertEquals(Admission.Answer.ENDED, enter("192.0.2.1"));
        assertFalse(admission.beginParting(channel()));
        assertEquals(0, admission.count());
    }
}
