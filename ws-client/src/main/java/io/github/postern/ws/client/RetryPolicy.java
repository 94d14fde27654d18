package io.github.postern.ws.client;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.handshake.HandshakeResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which ends of a connection another attempt could mend, by default. */
final class RetryPolicy {
    /** One side broke the rules or a limit of the other, and would do it again (RFC 6455 §7.4.1). */
    private static final Set<Integer> FATAL_CODES = Set.of(1002, 1003, 1007, 1008, 1009, 1010);

    private RetryPolicy() {}

    static boolean isTransient(IOException why) {
        return switch (why) {
            case HandshakeRejectedException refusal -> isTransient(refusal.response());
            case ProxyException refusal ->
                !refusal.credentialsRefused()
                        && refusal.response().map(RetryPolicy::isTransient).orElse(true);
            case ConnectionClosedException end -> isTransient(end.closeInfo());
            default -> true;
        };
    }

    private static boolean isTransient(HandshakeResponse refusal) {
        return refusal.status() >= 500 || refusal.status() == 408 || refusal.status() == 429;
    }

    private static boolean isTransient(CloseInfo end) {
        return !isFatal(end.received()) && !isFatal(end.sent());
    }

    private static boolean isFatal(@Nullable CloseStatus status) {
        return status != null && FATAL_CODES.contains(status.code());
    }
}
