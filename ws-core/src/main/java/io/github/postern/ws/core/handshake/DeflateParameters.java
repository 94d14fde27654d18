package io.github.postern.ws.core.handshake;

import org.jspecify.annotations.Nullable;

/** The parameters of one permessage-deflate element as they stand there (RFC 7692 §7.1), read once. */
final class DeflateParameters {
    static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";
    static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";
    static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";
    static final String CLIENT_MAX_WINDOW_BITS = "client_max_window_bits";

    static final int LEAST_BITS = 8;
    static final int MOST_BITS = 15;

    private final boolean answer;
    private boolean serverNoContextTakeover;
    private boolean clientNoContextTakeover;

    /** 0 if not there. */
    private int serverMaxWindowBits;

    /** 0 if not there; 15 if it stands there without a value, which sets no bound. */
    private int clientMaxWindowBits;

    private @Nullable String fault;

    private DeflateParameters(boolean answer) {
        this.answer = answer;
    }

    /** Of an element in a client's request, where {@code client_max_window_bits} needs no value (§7.1.2.2). */
    static DeflateParameters ofOffer(Extension offer) {
        return new DeflateParameters(false).read(offer);
    }

    /** Of an element in a server's response. */
    static DeflateParameters ofAnswer(Extension answer) {
        return new DeflateParameters(true).read(answer);
    }

    /** What no element of this kind may contain; null if it is sound. */
    @Nullable
    String fault() {
        return fault;
    }

    boolean serverNoContextTakeover() {
        return serverNoContextTakeover;
    }

    boolean clientNoContextTakeover() {
        return clientNoContextTakeover;
    }

    boolean hasServerMaxWindowBits() {
        return serverMaxWindowBits != 0;
    }

    /** 15, which sets no bound, if it is not there. */
    int serverMaxWindowBits() {
        return hasServerMaxWindowBits() ? serverMaxWindowBits : MOST_BITS;
    }

    boolean hasClientMaxWindowBits() {
        return clientMaxWindowBits != 0;
    }

    /** 15, which sets no bound, if it is not there or has no value. */
    int clientMaxWindowBits() {
        return hasClientMaxWindowBits() ? clientMaxWindowBits : MOST_BITS;
    }

    private DeflateParameters read(Extension element) {
        for (var parameter : element.parameters()) {
            var problem = take(parameter.name(), parameter.value());
            if (problem != null) {
                fault = problem + ": " + parameter;
                break;
            }
        }
        return this;
    }

    private @Nullable String take(String name, String value) {
        return switch (name) {
            case SERVER_NO_CONTEXT_TAKEOVER -> {
                var repeated = serverNoContextTakeover;
                serverNoContextTakeover = true;
                yield flagFault(repeated, value);
            }
            case CLIENT_NO_CONTEXT_TAKEOVER -> {
                var repeated = clientNoContextTakeover;
                clientNoContextTakeover = true;
                yield flagFault(repeated, value);
            }
            case SERVER_MAX_WINDOW_BITS -> {
                var repeated = hasServerMaxWindowBits();
                serverMaxWindowBits = bits(value);
                yield bitsFault(repeated, serverMaxWindowBits);
            }
            case CLIENT_MAX_WINDOW_BITS -> {
                var repeated = hasClientMaxWindowBits();
                clientMaxWindowBits = value.isEmpty() && !answer ? MOST_BITS : bits(value);
                yield bitsFault(repeated, clientMaxWindowBits);
            }
            default -> "unknown parameter";
        };
    }

    private static @Nullable String flagFault(boolean repeated, String value) {
        return repeated ? "repeated parameter" : value.isEmpty() ? null : "parameter with a value";
    }

    private static @Nullable String bitsFault(boolean repeated, int bits) {
        return repeated ? "repeated parameter" : bits == 0 ? "not a decimal number from 8 to 15" : null;
    }

    /** The number; 0 if it is not from 8 to 15 in its shortest form (§7.1.2.1: no leading zeros). */
    private static int bits(String value) {
        for (int bits = LEAST_BITS; bits <= MOST_BITS; bits++) {
            if (value.equals(Integer.toString(bits))) {
                return bits;
            }
        }
        return 0;
    }
}
