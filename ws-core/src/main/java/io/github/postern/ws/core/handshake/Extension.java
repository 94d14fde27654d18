package io.github.postern.ws.core.handshake;

import java.util.List;
import java.util.Optional;

/**
 * One element of a Sec-WebSocket-Extensions field: an offer or an answer (RFC 6455 §9.1).
 *
 * @param name the name, a token; compared exactly
 * @param parameters the parameters in order; the same name may occur twice, which is for the extension to judge
 */
public record Extension(String name, List<Parameter> parameters) {
    /**
     * Checks the name and copies the list.
     *
     * @throws IllegalArgumentException if the name is not a token
     */
    public Extension {
        Tokens.requireToken("extension name", name);
        parameters = List.copyOf(parameters);
    }

    /**
     * One parameter.
     *
     * @param name the name, a token; compared exactly
     * @param value the value, a token; empty if the parameter has none
     */
    public record Parameter(String name, String value) {
        /**
         * Checks both parts.
         *
         * @throws IllegalArgumentException if the name, or a value that is not empty, is not a token
         */
        public Parameter {
            Tokens.requireToken("extension parameter name", name);
            if (!value.isEmpty()) {
                Tokens.requireToken("extension parameter value", value);
            }
        }

        /**
         * {@return a parameter without a value}
         *
         * @param name the name, a token
         * @throws IllegalArgumentException if the name is not a token
         */
        public static Parameter of(String name) {
            return new Parameter(name, "");
        }

        /** The header form, {@code name=value} or {@code name}; a value never needs quotes. */
        @Override
        public String toString() {
            return value.isEmpty() ? name : name + '=' + value;
        }
    }

    /**
     * {@return an extension with parameters}
     *
     * @param name the name, a token
     * @param parameters its parameters, in their order
     * @throws IllegalArgumentException if the name is not a token
     */
    public static Extension of(String name, Parameter... parameters) {
        return new Extension(name, List.of(parameters));
    }

    /**
     * Reads the values of all Sec-WebSocket-Extensions fields of one head, which together are one list. Quoted values
     * come back without their quotes.
     *
     * @param headerValues the values of the fields, in their order
     * @return the elements in order; no elements if there are no fields; empty if anything is malformed, upon which RFC
     *     6455 §9.1 demands that the connection fails
     */
    public static Optional<List<Extension>> parse(List<String> headerValues) {
        return ExtensionHeader.parse(headerValues);
    }

    /** The header form: {@code name; parameter=value; parameter}. */
    @Override
    public String toString() {
        var text = new StringBuilder(name);
        parameters.forEach(parameter -> text.append("; ").append(parameter));
        return text.toString();
    }
}
