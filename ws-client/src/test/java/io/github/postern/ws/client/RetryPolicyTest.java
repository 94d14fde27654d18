package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import io.github.postern.ws.core.handshake.Headers;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
    @ParameterizedTest
    @CsvSource({
        "101, false",
        "200, false",
        "302, false",
        "400, false",
        "401, false",
        "403, false",
        "404, false",
        "407, false",
        "408, true",
        "426, false",
        "429, true",
        "499, false",
        "500, true",
        "503, true",
        "599, true"
    })
    void a_refusal_is_transient_if_its_status_is(int status, boolean worth) {
        var response = HandshakeResponse.of(status, Headers.empty(), "");
        assertEquals(worth, RetryPolicy.isTransient(new HandshakeRejectedException("why", response)));
        assertEquals(worth, RetryPolicy.isTransient(new ProxyException("why", response)));
    }

    @ParameterizedTest
    @CsvSource({
        "1000, true", "1001, true", "1002, false", "1003, false", "1007, false", "1008, false", "1009, false",
        "1010, false", "1011, true", "1012, true", "1013, true", "1014, true", "3000, true", "4999, true"
    })
    void an_end_is_transient_unless_one_side_would_say_the_same_again(int code, boolean worth) {
        var status = CloseStatus.of(code);
        assertEquals(worth, RetryPolicy.isTransient(end(null, status)));
        assertEquals(worth, RetryPolicy.isTransient(end(status, null)));
        assertEquals(worth, RetryPolicy.isTransient(end(CloseStatus.NORMAL, status)));
    }

    private static ConnectionClosedException end(@Nullable CloseStatus sent, @Nullable CloseStatus received) {
        return new ConnectionClosedException(
                new CloseInfo(CloseStatus.ABNORMAL, CloseInfo.Initiator.LOCAL, sent, received, null));
    }

    @Test
    void what_the_network_does_is_transient() {
        assertTrue(RetryPolicy.isTransient(end(null, null)));
        assertTrue(RetryPolicy.isTransient(new ConnectException()));
        assertTrue(RetryPolicy.isTransient(new SocketTimeoutException()));
        assertTrue(RetryPolicy.isTransient(new SSLHandshakeException("expired")));
        assertTrue(RetryPolicy.isTransient(new IOException()));
        assertTrue(RetryPolicy.isTransient(new ProxyException("host unreachable", false)));
    }

    @Test
    void credentials_that_a_proxy_refuses_are_not_tried_again() {
        assertFalse(RetryPolicy.isTransient(new ProxyException("wrong", true)));
    }
}
