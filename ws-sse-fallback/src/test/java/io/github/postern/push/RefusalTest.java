package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.CloseInfo.Initiator;
import io.github.postern.ws.core.CloseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client makes of answers that do not let it in: PROTOCOL.md §7 and §9. */
class RefusalTest {
    private static Outcome ofStatus(int status, String error, String retryAfter, String body) {
        return Refusal.ofStatus(
                status,
                Optional.of(error).filter(e -> !e.isEmpty()),
                Optional.of(retryAfter).filter(r -> !r.isEmpty()),
                StandardCharsets.UTF_8.encode(body));
    }

    @Test
    void a_gone_session_ended_as_the_record_says() {
        var outcome = ofStatus(410, "session", "", "event:close\nid:7\ndata:code=4000&reason=good+bye\n\n");
        assertEquals(new Outcome.Gone(CloseStatus.of(4000, "good bye")), outcome);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "event:close\n\n",
                "event:close\ndata:code=99999\n\n",
                "<html>",
                "data:x\n\n",
                "event:close\ndata:code=4000"
            })
    void a_gone_session_without_a_record_is_unknown(String body) {
        assertEquals(new Outcome.Gone(SessionCodes.UNKNOWN), ofStatus(410, "session", "", body));
    }

    @ParameterizedTest(name = "{0} {1}, {2} s")
    @CsvSource({"429, busy, 7", "503, busy, 7", "503, '', 7", "502, '', 7", "500, '', 7"})
    void a_busy_server_is_not_asked_before_its_time(int status, String error, String seconds) {
        var busy = assertInstanceOf(Outcome.Busy.class, ofStatus(status, error, seconds, ""));
        assertEquals(7_000, busy.afterMillis());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"", "-1", "soon", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT", "1000000", "99999999999999999999"})
    void a_time_that_is_no_number_of_seconds_does_not_count(String value) {
        assertEquals(0, Refusal.retryAfterMillis(Optional.of(value)));
    }

    @Test
    void six_digits_of_seconds_count() {
        assertEquals(999_999_000, Refusal.retryAfterMillis(Optional.of("999999")));
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource({
        "403, fenced, 4403",
        "403, origin, 4403",
        "413, size, 1009",
        "400, header, 4400",
        "400, position, 4400",
        "404, refused, 4404",
        "405, method, 4405",
        "406, type, 4406",
        "415, type, 4415",
        "499, refused, 4499"
    })
    void a_refusal_of_the_server_ends_the_session(int status, String error, int code) {
        var failed = assertInstanceOf(Outcome.Failed.class, ofStatus(status, error, "", "text"));
        assertEquals(code, failed.info().status().code());
        assertEquals(status == 413 ? "" : error, failed.info().status().reason());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {122, 123, 124})
    void the_name_of_an_error_is_the_reason_if_a_close_has_room_for_it(int length) {
        var error = "x".repeat(length);
        var failed = assertInstanceOf(Outcome.Failed.class, ofStatus(403, error, "", ""));
        assertEquals(
                CloseStatus.of(4403, length <= 123 ? error : ""), failed.info().status());
    }

    @Test
    void a_redirection_is_no_refusal_of_the_server() {
        assertInstanceOf(Outcome.Refused.class, ofStatus(302, "refused", "", ""));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {400, 403, 404, 405, 407, 410, 413, 301, 302, 204, 206})
    void a_refusal_that_need_not_be_the_servers_is_one_of_this_transport(int status) {
        assertInstanceOf(Outcome.Refused.class, ofStatus(status, "", "", ""));
    }

    @Test
    void a_token_that_is_not_taken_is_asked_for_anew() {
        assertInstanceOf(Outcome.Unauthorized.class, ofStatus(401, "token", "", ""));
        assertInstanceOf(Outcome.Unauthorized.class, ofStatus(401, "", "", ""));
        assertInstanceOf(Outcome.Unauthorized.class, ofClose(CloseStatus.of(4401)));
        assertFalse(Objects.toString(Refusal.withToken("secret", ofStatus(401, "token", "", "")))
                .contains("secret"));
    }

    @Test
    void a_server_that_sends_a_client_away_says_when_to_come_back() {
        assertEquals(new Outcome.Moved(0), detach("reason=rotate"));
        assertEquals(new Outcome.Moved(0), detach("reason=move&after=x"));
        assertEquals(new Outcome.Moved(1_500), detach("reason=move&after=1500"));
        assertEquals(new Outcome.Moved(24L * 3600 * 1000), detach("reason=move&after=9007199254740991"));
        assertInstanceOf(Outcome.Failed.class, detach("reason=superseded"));
        assertNull(detach("reason=later"));
        assertNull(detach("%"));
    }

    private static @Nullable Outcome detach(String data) {
        return Refusal.ofDetach(new StreamRecord(StreamRecord.DETACH, null, data));
    }

    @Test
    void a_body_that_took_too_long_or_left_a_gap_is_sent_again() {
        assertInstanceOf(Outcome.Broken.class, ofStatus(408, "time", "", ""));
        assertInstanceOf(Outcome.Broken.class, ofStatus(409, "gap", "", ""));
    }

    private static Outcome ofClose(CloseStatus received) {
        return Refusal.ofClose(new CloseInfo(received, Initiator.REMOTE, received, received, null));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {1000, 1001, 1002, 1005, 1006, 1007, 1011, 1012, 4399, 4408, 4409, 4500})
    void most_closes_of_a_websocket_only_break_the_attachment(int code) {
        assertInstanceOf(Outcome.Broken.class, ofClose(CloseStatus.of(code)));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {1009, 4400, 4403, 4404, 4451, 4499})
    void some_closes_of_a_websocket_end_the_session(int code) {
        var failed = assertInstanceOf(Outcome.Failed.class, ofClose(CloseStatus.of(code)));
        assertEquals(code, failed.info().status().code());
    }

    @Test
    void a_message_too_big_for_this_side_ends_the_session() {
        var info = new CloseInfo(CloseStatus.ABNORMAL, Initiator.LOCAL, CloseStatus.MESSAGE_TOO_BIG, null, null);
        var failed = assertInstanceOf(Outcome.Failed.class, Refusal.ofClose(info));
        assertEquals(CloseStatus.MESSAGE_TOO_BIG, failed.info().status());
    }

    @Test
    void an_unknown_session_is_gone() {
        assertEquals(new Outcome.Gone(SessionCodes.UNKNOWN), ofClose(CloseStatus.of(4410)));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {1013, 4429, 4503})
    void a_busy_server_is_given_time(int code) {
        assertInstanceOf(Outcome.Busy.class, ofClose(CloseStatus.of(code)));
    }
}
