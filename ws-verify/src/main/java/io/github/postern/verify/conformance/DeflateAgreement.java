package io.github.postern.verify.conformance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What both ends agreed on for permessage-deflate (RFC 7692 §7.1).
 *
 * @param serverNoContextTakeover whether the server forgets its context after each message
 * @param clientNoContextTakeover whether the client does
 * @param serverMaxWindowBits the server's window
 * @param clientMaxWindowBits the client's window
 */
record DeflateAgreement(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits) {

    static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";
    static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";
    static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";
    static final String CLIENT_MAX_WINDOW_BITS = "client_max_window_bits";

    private static final Set<String> PARAMETERS = Set.of(
            SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER, SERVER_MAX_WINDOW_BITS, CLIENT_MAX_WINDOW_BITS);
    private static final int LARGEST = 15;

    /** What a server's response says, which has to be valid in itself. */
    static DeflateAgreement of(Extension response) throws Finding {
        var faults = faults(response, true);
        if (!faults.isEmpty()) {
            throw Finding.failed("a valid response", String.join(", ", faults));
        }
        return new DeflateAgreement(
                response.has(SERVER_NO_CONTEXT_TAKEOVER),
                response.has(CLIENT_NO_CONTEXT_TAKEOVER),
                bits(response, SERVER_MAX_WINDOW_BITS),
                bits(response, CLIENT_MAX_WINDOW_BITS));
    }

    /** The window that a valid offer or response names; 15 if it names none. */
    static int bits(Extension extension, String parameter) {
        return extension.all(parameter).stream()
                .flatMap(bits -> bits.value().stream())
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(LARGEST);
    }

    /** What is wrong with an offer or a response, by itself. */
    static List<String> faults(Extension extension, boolean response) {
        var faults = new ArrayList<String>();
        var names = new HashSet<String>();
        for (var parameter : extension.parameters()) {
            var name = parameter.name();
            boolean optional = name.equals(CLIENT_MAX_WINDOW_BITS)
                    && !response
                    && parameter.value().isEmpty();
            boolean hasBits = name.endsWith("bits");
            boolean valid = hasBits
                    ? optional
                            || parameter
                                    .value()
                                    .filter(DeflateAgreement::isBits)
                                    .isPresent()
                    : parameter.value().isEmpty();
            if (!PARAMETERS.contains(name)) {
                faults.add("unknown parameter " + name);
            } else if (!names.add(name)) {
                faults.add("second " + name);
            } else if (!valid) {
                faults.add(name + " with the value " + parameter.value().orElse("(none)"));
            }
        }
        return faults;
    }

    private static boolean isBits(String value) {
        return value.matches("[89]|1[0-5]");
    }

    /** How the suite compresses, opposite an implementation in this role. */
    Compressor compressor(Role implementation) {
        return implementation == Role.SERVER
                ? new Compressor(clientMaxWindowBits, !clientNoContextTakeover)
                : new Compressor(serverMaxWindowBits, !serverNoContextTakeover);
    }

    /** How the suite decompresses what an implementation in this role sends. */
    StrictInflater inflater(Role implementation) {
        return implementation == Role.SERVER
                ? new StrictInflater(serverMaxWindowBits, !serverNoContextTakeover)
                : new StrictInflater(clientMaxWindowBits, !clientNoContextTakeover);
    }

    /** Whether the suite may refer to messages before, in a full window, as the examples of §7.2.3 do. */
    boolean keepsSuiteContext(Role implementation) {
        return implementation == Role.SERVER ? !clientNoContextTakeover : !serverNoContextTakeover;
    }
}
