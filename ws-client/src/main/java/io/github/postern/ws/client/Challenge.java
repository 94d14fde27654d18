package io.github.postern.ws.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One way to authenticate that a proxy offers (RFC 9110 §11.3).
 *
 * @param scheme such as {@code basic}, in lower case
 * @param parameters by name, which has no case; quoted strings unquoted
 */
record Challenge(String scheme, Map<String, String> parameters) {
    /** The challenges of some fields; what is malformed ends its field, and what came before it counts. */
    static List<Challenge> parse(List<String> fields) {
        var challenges = new ArrayList<Challenge>();
        fields.forEach(field -> new Parser(field).challenges(challenges));
        return challenges;
    }

    /** The parameter, or an empty string. */
    String get(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Reads one field from left to right. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        /**
         * A word that a {@code =} follows is a parameter of the challenge before it; any other word begins the next
         * challenge.
         */
        void challenges(List<Challenge> found) {
            Challenge current = null;
            skip(" \t,");
            while (at < text.length()) {
                var word = word();
                skip(" \t");
                if (word.isEmpty()) {
                    return;
                }
                if (at == text.length() || text.charAt(at) != '=') {
                    current =
                            new Challenge(word.toLowerCase(Locale.ROOT), new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
                    found.add(current);
                } else if (current == null || !parameter(current, word)) {
                    return;
                }
                skip(" \t,");
            }
        }

        /** Reads the value of a parameter; false if it is malformed. */
        private boolean parameter(Challenge challenge, String name) {
            skip("="); // several end a token68 (RFC 9110 §11.2), of which no scheme here makes use
            var value = value();
            if (value != null) {
                challenge.parameters.putIfAbsent(name, value);
            }
            return value != null;
        }

        private void skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private String word() {
            int start = at;
            while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        private @Nullable String value() {
            skip(" \t");
            if (at == text.length() || text.charAt(at) != '"') {
                return word();
            }
            var value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return value.toString();
                }
                if (c == '\\' && at + 1 < text.length()) {
                    c = text.charAt(++at);
                }
                value.append(c);
            }
            return null;
        }
    }
}
