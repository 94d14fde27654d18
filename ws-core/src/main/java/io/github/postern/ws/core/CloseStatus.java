package io.github.postern.ws.core;

/**
 * Why a connection is closed: a code and, optionally, a reason for people to read (RFC 6455 §7.1.5, §7.1.6).
 *
 * <p>Some codes only ever describe an end and never travel in a Close frame: {@link #NO_STATUS}, {@link #ABNORMAL} and
 * {@link #TLS_HANDSHAKE}. {@link #isSendable()} tells them apart.
 *
 * @param code from 1000 to 4999: 1000 to 2999 belong to the protocol, 3000 to 3999 to libraries and are registered with
 *     IANA, 4000 to 4999 are free for applications
 * @param reason at most 123 bytes of UTF-8, which is what a Close frame has room for; empty if there is none
 */
public record CloseStatus(int code, String reason) {
    /** 1000: the purpose of the connection is fulfilled. */
    public static final CloseStatus NORMAL = of(1000);

    /** 1001: the server stops, or the browser leaves the page. */
    public static final CloseStatus GOING_AWAY = of(1001);

    /** 1002: the peer broke the protocol. */
    public static final CloseStatus PROTOCOL_ERROR = of(1002);

    /** 1003: a kind of data that this endpoint cannot accept, for example binary where only text is understood. */
    public static final CloseStatus UNSUPPORTED_DATA = of(1003);

    /**
     * 1005, never sent: the peer's Close frame held no code. As a status to send it stands for an empty Close frame.
     */
    public static final CloseStatus NO_STATUS = of(1005);

    /** 1006, never sent: the connection was lost without a Close frame. */
    public static final CloseStatus ABNORMAL = of(1006);

    /** 1007: data that contradicts the type of its message, for example text that is not UTF-8. */
    public static final CloseStatus INVALID_PAYLOAD = of(1007);

    /** 1008: the message violates a policy that no other code describes better. */
    public static final CloseStatus POLICY_VIOLATION = of(1008);

    /** 1009: a message too big to process. */
    public static final CloseStatus MESSAGE_TOO_BIG = of(1009);

    /** 1010: the client needs an extension that the server did not agree to. */
    public static final CloseStatus MANDATORY_EXTENSION = of(1010);

    /** 1011: the server met a condition that keeps it from going on. */
    public static final CloseStatus INTERNAL_ERROR = of(1011);

    /** 1012: the service restarts; the client may reconnect. */
    public static final CloseStatus SERVICE_RESTART = of(1012);

    /** 1013: the service is overloaded; the client should come back later. */
    public static final CloseStatus TRY_AGAIN_LATER = of(1013);

    /** 1014: a gateway got an invalid response from the server behind it. */
    public static final CloseStatus BAD_GATEWAY = of(1014);

    /** 1015, never sent: the TLS handshake failed. */
    public static final CloseStatus TLS_HANDSHAKE = of(1015);

    private static final int MAX_REASON_SIZE = 123;

    /**
     * Checks code and reason.
     *
     * @throws IllegalArgumentException if the code is outside 1000 to 4999, or the reason is longer than 123 bytes of
     *     UTF-8 or holds an unpaired surrogate
     */
    public CloseStatus {
        if (code < 1000 || code > 4999) {
            throw new IllegalArgumentException("close code outside 1000 to 4999: " + code);
        }
        var size = Utf8.encode(reason).length;
        if (size > MAX_REASON_SIZE) {
            throw new IllegalArgumentException("close reason longer than " + MAX_REASON_SIZE + " bytes: " + size);
        }
    }

    /**
     * {@return a status without a reason}
     *
     * @param code the status code (RFC 6455 §7.4)
     * @throws IllegalArgumentException as the constructor does
     */
    public static CloseStatus of(int code) {
        return new CloseStatus(code, "");
    }

    /**
     * {@return a status with a reason}
     *
     * @param code the status code (RFC 6455 §7.4)
     * @param reason why, at most 123 bytes of UTF-8
     * @throws IllegalArgumentException as the constructor does
     */
    public static CloseStatus of(int code, String reason) {
        return new CloseStatus(code, reason);
    }

    /** {@return whether a Close frame may carry this code; see {@link #isSendable(int)}} */
    public boolean isSendable() {
        return isSendable(code);
    }

    /**
     * {@return whether a Close frame may carry {@code code}, and so also whether one that arrives with it is legal (§7.4): 1000
     * to 1003, 1007 to 1014 and 3000 to 4999} The other codes below 3000 are reserved or not yet assigned.
     *
     * @param code the status code, any number
     */
    public static boolean isSendable(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    /** The code and, if there is one, the reason in quotation marks. It comes from a peer, so characters that could forge a line of a log are escaped. */
    @Override
    public String toString() {
        return reason.isEmpty() ? Integer.toString(code) : code + " \"" + printable() + '"';
    }

    private String printable() {
        var printable = new StringBuilder();
        for (int i = 0; i < reason.length(); i++) {
            char c = reason.charAt(i);
            boolean breaksLines = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
            printable.append(breaksLines ? "\\u%04x".formatted((int) c) : String.valueOf(c));
        }
        return printable.toString();
    }
}
