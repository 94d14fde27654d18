package io.github.postern.ws.core;

/**
 * What the peer did wrong, on its way from the rule that noticed to {@link Inbound}, which turns it into
 * {@link Event.Failed}. It never leaves this package and costs no stack trace.
 */
final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient CloseStatus status;

    ProtocolViolation(CloseStatus status, String detail) {
        super(detail, null, false, false);
        this.status = status;
    }

    /** A violation of the framing rules, 1002. */
    static ProtocolViolation protocolError(String detail) {
        return new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, detail);
    }

    /** Text that is not UTF-8, 1007 (RFC 6455 §8.1). */
    static ProtocolViolation notUtf8() {
        return new ProtocolViolation(CloseStatus.INVALID_PAYLOAD, "text message is not UTF-8");
    }

    Event.Failed event() {
        return new Event.Failed(status, String.valueOf(getMessage()));
    }
}
