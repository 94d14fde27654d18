package io.github.postern.verify.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    private static final Head REQUEST =
            Handshake.request(URI.create("ws://localhost:9001/path?a=b")).with(Handshake.EXTENSIONS, "x-a; b, x-c");
    private static final Head RESPONSE = Handshake.response(REQUEST);

    @Test
    void a_request_names_host_and_resource() {
        assertEquals("GET /path?a=b HTTP/1.1", REQUEST.start());
        assertEquals("localhost:9001", REQUEST.only("host"));
        assertEquals(
                "example.org", Handshake.request(URI.create("ws://example.org")).only("Host"));
        assertTrue(Handshake.isKey(REQUEST.only(Handshake.KEY)));
    }

    @Test
    void accept_is_that_of_the_example() {
        assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", Handshake.accept("dGhlIHNhbXBsZSBub25jZQ=="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA=", "!!!!!!!!!!!!!!!!!!!!!!=="})
    void what_is_not_16_bytes_is_no_key(String key) {
        assertFalse(Handshake.isKey(key));
    }

    @Test
    void a_right_response_is_accepted() throws Finding {
        Handshake.check(RESPONSE, REQUEST);
        Handshake.check(RESPONSE.with(Handshake.EXTENSIONS, "x-c; d=\"e\""), REQUEST);
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade, h2c",
        "Connection, keep-alive",
        "Sec-WebSocket-Accept, AAAA",
        "Sec-WebSocket-Protocol, chat",
        "Sec-WebSocket-Extensions, x-unknown",
        "Sec-WebSocket-Extensions, =",
    })
    void a_wrong_response_is_not(String name, String value) {
        assertThrows(Finding.class, () -> Handshake.check(RESPONSE.set(name, value), REQUEST));
        assertThrows(Finding.class, () -> Handshake.check(RESPONSE.withStart("HTTP/1.1 200 OK"), REQUEST));
    }

    @Test
    void extensions_are_read() throws Finding {
        var extensions = Extension.parse(List.of("x-a; b ; c=1;d=\"2\" , x-e", "x-f"));
        assertEquals(
                List.of("x-a", "x-e", "x-f"),
                extensions.stream().map(Extension::name).toList());
        assertEquals(
                List.of(
                        new Extension.Parameter("b", Optional.empty()),
                        new Extension.Parameter("c", Optional.of("1")),
                        new Extension.Parameter("d", Optional.of("2"))),
                extensions.getFirst().parameters());
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "a;", "a; =1", "a; b=", "a b", "a; b=\"c", "a; b=\"c d\"", "a; b=\"\"", ";"})
    void malformed_extensions_are_refused(String header) {
        assertThrows(Finding.class, () -> Extension.parse(List.of(header)));
    }

    @ParameterizedTest
    @CsvSource({
        "a; unknown, unknown parameter unknown",
        "a; server_max_window_bits=7, server_max_window_bits with the value 7",
        "a; server_max_window_bits=08, server_max_window_bits with the value 08",
        "a; client_max_window_bits, client_max_window_bits with the value (none)",
        "a; server_no_context_takeover=1, server_no_context_takeover with the value 1",
        "a; client_no_context_takeover; client_no_context_takeover, second client_no_context_takeover",
    })
    void what_a_deflate_response_may_not_say_is_found(String response, String fault) throws Finding {
        var extension = Extension.parse(List.of(response)).getFirst();
        assertEquals(List.of(fault), DeflateAgreement.faults(extension, true));
    }

    @Test
    void an_offer_may_leave_out_the_client_s_window() throws Finding {
        var offer = Extension.parse(List.of("a; client_max_window_bits")).getFirst();
        assertEquals(List.of(), DeflateAgreement.faults(offer, false));
    }
}
