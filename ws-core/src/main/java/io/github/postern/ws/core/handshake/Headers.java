package io.github.postern.ws.core.handshake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The header fields of one HTTP head, in order; names are compared without regard to case (RFC 9110 §5.1).
 *
 * <p>Immutable. Names are tokens. Values consist of visible ASCII, space, tab and the characters U+0080 to U+00FF, which
 * stand for single bytes (obs-text); they have no white space around them. So no CR, LF or NUL can be written into a head.
 */
public final class Headers {
    private static final Headers EMPTY = new Headers(new String[0]);

    /** Names and values in turn: a server keeps these for each of its connections, so they are to be small. */
    private final String[] fields;

    private Headers(String[] fields) {
        this.fields = fields;
    }

    /**
     * One header field.
     *
     * @param name a token; equal to the same name in another case
     * @param value the value; spaces and tabs around it are removed
     */
    public record Header(String name, String value) {
        /**
         * Checks both parts.
         *
         * @throws IllegalArgumentException if the name is not a token, or the value contains a control character other
         *     than a tab, or a character above U+00FF
         */
        public Header {
            Tokens.requireToken("header name", name);
            value = Tokens.requireFieldValue("value of header " + name, value);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Header header && name.equalsIgnoreCase(header.name) && value.equals(header.value);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name.toLowerCase(Locale.ROOT), value);
        }

        /** The name only: the value may be a credential. */
        @Override
        public String toString() {
            return name;
        }
    }

    /** {@return no header fields} */
    public static Headers empty() {
        return EMPTY;
    }

    /**
     * {@return header fields from alternating names and values}
     *
     * @param namesAndValues a name, its value, the next name, and so on
     * @throws IllegalArgumentException if a value is missing, or a name or value is not valid (see {@link Header})
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values do not pair up: " + namesAndValues.length);
        }
        var builder = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /**
     * Starts a collection of header fields.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return these header fields and one more at the end; fields of the same name stay}
     *
     * @param name the name of the field, a token
     * @param value its value
     * @throws IllegalArgumentException if the name or value is not valid (see {@link Header})
     */
    public Headers with(String name, String value) {
        return builder().addAll(this).add(name, value).build();
    }

    /**
     * {@return these header fields except those of the given name}
     *
     * @param name the name of the field, in any case
     */
    public Headers without(String name) {
        var others = new ArrayList<String>(fields.length);
        forEach((other, value) -> {
            if (!other.equalsIgnoreCase(name)) {
                others.add(other);
                others.add(value);
            }
        });
        return new Headers(others.toArray(String[]::new));
    }

    /**
     * {@return whether there is a field of this name}
     *
     * @param name the name of the field, in any case
     */
    public boolean contains(String name) {
        return first(name).isPresent();
    }

    /**
     * {@return the value of the first field of this name}
     *
     * @param name the name of the field, in any case
     */
    public Optional<String> first(String name) {
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                return Optional.of(fields[i + 1]);
            }
        }
        return Optional.empty();
    }

    /**
     * {@return the values of all fields of this name, in order; unmodifiable}
     *
     * @param name the name of the field, in any case
     */
    public List<String> all(String name) {
        var values = new ArrayList<String>();
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                values.add(fields[i + 1]);
            }
        }
        return Collections.unmodifiableList(values);
    }

    /**
     * {@return the elements of the comma-separated list that all fields of this name form together (RFC 9110 §5.6.1), in order,
     * without white space around them and without empty elements; unmodifiable} The elements are not checked to be
     * tokens, and quoted strings are not recognised.
     *
     * @param name the name of the field, in any case
     */
    public List<String> tokens(String name) {
        return List.copyOf(Tokens.elements(all(name)));
    }

    /**
     * {@return whether the list of {@link #tokens} contains the token in any case}
     *
     * @param name the name of the field, in any case
     * @param token the element to look for
     */
    public boolean containsToken(String name, String token) {
        return tokens(name).stream().anyMatch(token::equalsIgnoreCase);
    }

    /** {@return all fields, in order; unmodifiable} */
    public List<Header> entries() {
        var entries = new ArrayList<Header>(fields.length / 2);
        forEach((name, value) -> entries.add(new Header(name, value)));
        return Collections.unmodifiableList(entries);
    }

    /**
     * Calls the action with the name and value of each field, in order.
     *
     * @param action called once for each field
     */
    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < fields.length; i += 2) {
            action.accept(fields[i], fields[i + 1]);
        }
    }

    /** Whether the other has the same fields in the same order; names are equal in any case. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Headers headers && entries().equals(headers.entries());
    }

    @Override
    public int hashCode() {
        return entries().hashCode();
    }

    /** The names only: values may be credentials. */
    @Override
    public String toString() {
        return entries().toString();
    }

    /** Writes the fields as they go over the wire, each with its CRLF. */
    void appendTo(StringBuilder head) {
        forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    }

    /** Collects header fields; not for use by several threads. */
    public static final class Builder {
        private final List<String> fields = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a field at the end; fields of the same name stay.
         *
         * @param name the name of the field, a token
         * @param value its value
         * @return this builder
         * @throws IllegalArgumentException if the name or value is not valid (see {@link Header})
         */
        public Builder add(String name, String value) {
            var header = new Header(name, value); // which checks them
            fields.add(UsualStrings.name(header.name()));
            fields.add(UsualStrings.value(header.name(), header.value()));
            return this;
        }

        /**
         * Adds all fields of the other at the end.
         *
         * @param headers the fields to add
         * @return this builder
         */
        public Builder addAll(Headers headers) {
            fields.addAll(Arrays.asList(headers.fields));
            return this;
        }

        /** {@return the fields added so far; the builder can be used further} */
        public Headers build() {
            return new Headers(fields.toArray(String[]::new));
        }
    }
}
