package io.github.postern.push;

import io.github.postern.ws.core.CloseStatus;

/** The close codes that belong to the protocol (PROTOCOL.md §8, §9). */
final class SessionCodes {
    /** The credentials were not renewed in time. */
    static final CloseStatus UNAUTHENTICATED = CloseStatus.of(4401, "credentials expired");

    /** The session had no attachment for too long. */
    static final CloseStatus EXPIRED = CloseStatus.of(4408, "session expired");

    /** The server does not know the session. */
    static final CloseStatus UNKNOWN = CloseStatus.of(4410, "session unknown");

    /** More unacknowledged messages than the server keeps. */
    static final CloseStatus OVERFLOW = CloseStatus.of(4507, "too many unacknowledged messages");

    // of an attachment alone
    static final CloseStatus MALFORMED = CloseStatus.of(4400, "malformed");
    static final CloseStatus BAD_POSITION = CloseStatus.of(4400, "position");
    static final CloseStatus BAD_TOKEN = CloseStatus.of(4401, "token");
    static final CloseStatus NOT_THE_HOLDER = CloseStatus.of(4403, "principal");
    static final CloseStatus FENCED = CloseStatus.of(4403, "fenced");
    static final CloseStatus SUPERSEDED = CloseStatus.of(4403, "superseded");
    static final CloseStatus NO_ATTACH = CloseStatus.of(4408, "no attach in time");
    static final CloseStatus TOO_MANY = CloseStatus.of(4429, "too many sessions from this address");
    static final CloseStatus BUSY = CloseStatus.of(4503, "busy");

    private static final int SERVICE_RESTART = 1012;
    private static final int FIRST_RESERVED = 4400;
    private static final int LAST_RESERVED = 4599;

    private SessionCodes() {}

    /** The close code of an attachment for a fault that has an HTTP status. */
    static CloseStatus ofHttp(int status) {
        return status == 401 ? BAD_TOKEN : ofHttp(status, "refused");
    }

    /** The same, for a reason of the server's. */
    static CloseStatus ofHttp(int status, String reason) {
        return CloseStatus.of(4000 + status, reason);
    }

    /**
     * Checks what an application closes a session with, on either side (§9).
     *
     * @throws IllegalArgumentException if it may not
     */
    static void check(CloseStatus status) {
        boolean sendable = status.isSendable() || status.equals(CloseStatus.NO_STATUS);
        if (!sendable || isReserved(status.code())) {
            throw new IllegalArgumentException("close code must not be sent: " + status.code());
        }
    }

    /** Whether a client may close a session with that code: 1005 says that it gave none. */
    static boolean isClientClose(int code) {
        return code == CloseStatus.NO_STATUS.code() || (CloseStatus.isSendable(code) && !isReserved(code));
    }

    /** Whether a server that closes with that code stops, and takes in before what the client had sent (§9). */
    static boolean isGoingAway(int code) {
        return code == CloseStatus.GOING_AWAY.code() || code == SERVICE_RESTART;
    }

    /** Whether applications may not use that code, because the protocol does. */
    static boolean isReserved(int code) {
        return code >= FIRST_RESERVED && code <= LAST_RESERVED;
    }
}
