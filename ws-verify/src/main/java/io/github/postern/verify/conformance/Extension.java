package io.github.postern.verify.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An element of {@code Sec-WebSocket-Extensions} (§9.1).
 *
 * @param name its name
 * @param parameters its parameters in their order
 */
record Extension(String name, List<Parameter> parameters) {
    static final String DEFLATE = "permessage-deflate";

    /** A parameter, unquoted. */
    record Parameter(String name, Optional<String> value) {}

    /** All parameters of a name. */
    List<Parameter> all(String parameter) {
        return parameters.stream()
                .filter(candidate -> candidate.name().equals(parameter))
                .toList();
    }

    boolean has(String parameter) {
        return !all(parameter).isEmpty();
    }

    /** The list in the fields of this name together. */
    static List<Extension> parse(List<String> fields) throws Finding {
        var input = new HeaderText(String.join(",", fields));
        var extensions = new ArrayList<Extension>();
        while (!input.isAtEnd()) {
            if (!input.skip(',')) {
                extensions.add(extension(input));
                if (!input.isAtEnd() && !input.skip(',')) {
                    throw input.malformed();
                }
            }
        }
        return List.copyOf(extensions);
    }

    private static Extension extension(HeaderText input) throws Finding {
        var name = input.token();
        var parameters = new ArrayList<Parameter>();
        while (input.skip(';')) {
            var parameter = input.token();
            parameters.add(
                    new Parameter(parameter, input.skip('=') ? Optional.of(input.tokenOrQuoted()) : Optional.empty()));
        }
        return new Extension(name, List.copyOf(parameters));
    }
}
