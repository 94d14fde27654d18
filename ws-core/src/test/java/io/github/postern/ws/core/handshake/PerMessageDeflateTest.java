package io.github.postern.ws.core.handshake;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7692 §5.1 and §7.1: what is offered, what it is answered with, and what is wrong with an answer. */
class PerMessageDeflateTest {
    private static final PerMessageDeflate TAKEOVER = new PerMessageDeflate(false, false, 15, 15);

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate | permessage-deflate",
                "permessage-deflate; client_max_window_bits | permessage-deflate",
                "permessage-deflate; client_max_window_bits=15 | permessage-deflate",
                "permessage-deflate; client_max_window_bits=10 | permessage-deflate; client_max_window_bits=10",
                "permessage-deflate; client_max_window_bits=8 | permessage-deflate; client_max_window_bits=8",
                "permessage-deflate; server_max_window_bits=15 | permessage-deflate",
                "permessage-deflate; server_max_window_bits=9 | permessage-deflate; server_max_window_bits=9",
                "permessage-deflate; server_max_window_bits=8 | permessage-deflate; server_max_window_bits=8",
                "permessage-deflate; server_no_context_takeover | permessage-deflate; server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover | permessage-deflate; client_no_context_takeover",
                "permessage-deflate; server_max_window_bits=\"10\" | permessage-deflate; server_max_window_bits=10",
            })
    void a_server_keeps_to_what_a_client_demands(String offer, String answer) {
        assertEquals(answer, negotiated(TAKEOVER, offer));
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate | permessage-deflate; server_no_context_takeover; client_no_context_takeover;"
                        + " server_max_window_bits=12",
                "permessage-deflate; client_max_window_bits | permessage-deflate; server_no_context_takeover;"
                        + " client_no_context_takeover; server_max_window_bits=12; client_max_window_bits=11",
                "permessage-deflate; client_max_window_bits=9; server_max_window_bits=13 | permessage-deflate;"
                        + " server_no_context_takeover; client_no_context_takeover; server_max_window_bits=12;"
                        + " client_max_window_bits=9",
            })
    void a_server_adds_its_own_demands_as_far_as_the_client_obeys(String offer, String answer) {
        assertEquals(answer, negotiated(new PerMessageDeflate(true, true, 12, 11), offer));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "x-webkit-deflate-frame",
                "Permessage-Deflate",
                "permessage-deflate; unknown",
                "permessage-deflate; unknown=1",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover=true",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits=08",
                "permessage-deflate; server_max_window_bits=010",
                "permessage-deflate; server_max_window_bits=a",
                "permessage-deflate; server_max_window_bits=-9",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=09",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
                "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
            })
    void a_server_declines_an_offer_that_it_does_not_understand(String offer) {
        assertEquals("", negotiated(TAKEOVER, offer));
    }

    @Test
    void a_server_takes_the_first_offer_that_it_understands() {
        assertEquals(
                "permessage-deflate; server_max_window_bits=10",
                negotiated(
                        TAKEOVER,
                        "permessage-deflate; mystery, permessage-deflate; server_max_window_bits=7,"
                                + " permessage-deflate; server_max_window_bits=10, permessage-deflate"));
    }

    @Test
    void a_client_offers_to_obey_and_what_it_wants() {
        assertEquals(
                "[permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits]",
                PerMessageDeflate.defaults().alternatives().toString());
        assertEquals(
                "[permessage-deflate; client_max_window_bits=10]",
                TAKEOVER.withClientMaxWindowBits(10).alternatives().toString());
    }

    @Test
    void a_client_can_do_without_its_demand_on_the_servers_window() {
        assertEquals(
                "[permessage-deflate; server_max_window_bits=9; client_max_window_bits,"
                        + " permessage-deflate; client_max_window_bits]",
                TAKEOVER.withServerMaxWindowBits(9).alternatives().toString());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover",
                "permessage-deflate; server_max_window_bits=12",
                "permessage-deflate; server_max_window_bits=8",
                "permessage-deflate; client_max_window_bits=13",
                "permessage-deflate; client_max_window_bits=8",
            })
    void a_client_takes_an_answer_within_its_offer(String answer) {
        assertEquals(Optional.empty(), offer().objection(element(answer)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "permessage-deflate; server_max_window_bits=13, server window larger than offered: 13",
        "permessage-deflate; client_max_window_bits=14, client window larger than offered: 14",
        "permessage-deflate; client_max_window_bits, not a decimal number from 8 to 15: client_max_window_bits",
        "permessage-deflate; server_max_window_bits, not a decimal number from 8 to 15: server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7, not a decimal number from 8 to 15: server_max_window_bits=7",
        "permessage-deflate; mystery, unknown parameter: mystery",
        "permessage-deflate; server_no_context_takeover=1, parameter with a value: server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover,"
                + " repeated parameter: client_no_context_takeover",
    })
    void a_client_objects_to_an_answer_that_it_could_not_have_asked_for(String answer, String objection) {
        assertEquals(Optional.of(objection), offer().objection(element(answer)));
    }

    private static PerMessageDeflate offer() {
        return new PerMessageDeflate(false, false, 12, 13);
    }

    /** §7.1.1.2 and §7.1.2.2: by offering so, it has said what it does. */
    @Test
    void a_client_keeps_to_what_it_said_of_itself_if_the_server_does_not_repeat_it() {
        var offer = new PerMessageDeflate(true, true, 15, 10);
        assertEquals(
                "permessage-deflate; client_no_context_takeover; client_max_window_bits=10",
                offer.agreement(element("permessage-deflate")).toString());
        assertEquals(
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=9",
                offer.agreement(element("permessage-deflate; server_no_context_takeover; client_max_window_bits=9"))
                        .toString());
        assertEquals(
                "permessage-deflate; client_no_context_takeover",
                TAKEOVER.agreement(element("permessage-deflate; client_no_context_takeover"))
                        .toString());
    }

    @Test
    void what_was_agreed_on_can_be_read() {
        assertEquals(
                new PerMessageDeflate(true, false, 15, 9),
                PerMessageDeflate.agreed(
                        element("permessage-deflate; server_no_context_takeover; client_max_window_bits=9")));
        assertEquals(
                new PerMessageDeflate(false, true, 8, 15),
                PerMessageDeflate.agreed(
                        element("permessage-deflate; client_no_context_takeover; server_max_window_bits=8")));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"x-other", "permessage-deflate; mystery", "permessage-deflate; client_max_window_bits"})
    void what_could_not_be_agreed_on_is_refused(String answer) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> PerMessageDeflate.agreed(element(answer)));
        assertEquals("not an answer of permessage-deflate: " + answer, thrown.getMessage());
    }

    @Test
    void windows_have_8_to_15_bits() {
        for (var bits : new int[] {8, 15}) {
            assertDoesNotThrow(() -> TAKEOVER.withServerMaxWindowBits(bits));
            assertDoesNotThrow(() -> TAKEOVER.withClientMaxWindowBits(bits));
        }
        for (var bits : new int[] {7, 16}) {
            var thrown = assertThrows(IllegalArgumentException.class, () -> TAKEOVER.withServerMaxWindowBits(bits));
            assertEquals("serverMaxWindowBits outside 8 to 15: " + bits, thrown.getMessage());
            thrown = assertThrows(IllegalArgumentException.class, () -> TAKEOVER.withClientMaxWindowBits(bits));
            assertEquals("clientMaxWindowBits outside 8 to 15: " + bits, thrown.getMessage());
        }
    }

    @Test
    void by_default_nothing_is_remembered_and_windows_are_whole() {
        assertEquals(new PerMessageDeflate(true, true, 15, 15), PerMessageDeflate.defaults());
        assertEquals(
                TAKEOVER,
                PerMessageDeflate.defaults().withServerNoContextTakeover(false).withClientNoContextTakeover(false));
    }

    /** The extensions of a server's response, or an empty string if it has none. */
    private static String negotiated(PerMessageDeflate server, String offers) {
        var request = Headers.of("Sec-WebSocket-Extensions", offers);
        var result = new ServerHandshake(List.of(), List.of(server)).negotiate(request, 101, Headers.of());
        return ((HandshakeResult.Accepted) result)
                .response()
                .headers()
                .first("Sec-WebSocket-Extensions")
                .orElse("");
    }

    private static Extension element(String header) {
        return Extension.parse(List.of(header)).orElseThrow().getFirst();
    }
}
