package io.github.postern.verify.fuzz;

import io.github.postern.ws.core.handshake.Extension;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A sound element of permessage-deflate, as RFC 7692 §7.1 defines it.
 *
 * @param parameters names and values; an empty value stands for none
 */
record DeflateElement(Map<String, String> parameters) {
    private static final String FLAGS = "(server|client)_no_context_takeover=";
    private static final String BITS = "(server|client)_max_window_bits=([89]|1[0-5])";

    DeflateElement {
        parameters = Map.copyOf(parameters);
    }

    /** In a request, where {@code client_max_window_bits} needs no value. */
    static Optional<DeflateElement> offer(Extension element) {
        return of(element, FLAGS + "|" + BITS + "|client_max_window_bits=");
    }

    static Optional<DeflateElement> answer(Extension element) {
        return of(element, FLAGS + "|" + BITS);
    }

    private static Optional<DeflateElement> of(Extension element, String sound) {
        var parameters = new HashMap<String, String>();
        for (var parameter : element.parameters()) {
            var repeated = parameters.put(parameter.name(), parameter.value()) != null;
            if (repeated || !(parameter.name() + '=' + parameter.value()).matches(sound)) {
                return Optional.empty();
            }
        }
        return element.name().equals("permessage-deflate")
                ? Optional.of(new DeflateElement(parameters))
                : Optional.empty();
    }

    /** Whether a server that demands nothing else may answer this offer so. */
    boolean allows(DeflateElement answer) {
        return (!has("server_no_context_takeover") || answer.has("server_no_context_takeover"))
                && answer.bits("server_max_window_bits") <= bits("server_max_window_bits")
                && (!answer.has("client_max_window_bits")
                        || has("client_max_window_bits")
                                && answer.bits("client_max_window_bits") <= bits("client_max_window_bits"));
    }

    private boolean has(String name) {
        return parameters.containsKey(name);
    }

    /** 15, the largest window, if nothing is said. */
    private int bits(String name) {
        var value = parameters.getOrDefault(name, "");
        return value.isEmpty() ? 15 : Integer.parseInt(value);
    }
}
