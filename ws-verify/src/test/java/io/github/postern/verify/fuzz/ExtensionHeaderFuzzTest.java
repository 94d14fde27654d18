package io.github.postern.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.postern.ws.core.handshake.Extension;
import io.github.postern.ws.core.handshake.Headers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lists in header fields: whatever they hold, they are read as their grammar says, and nothing is thrown. */
class ExtensionHeaderFuzzTest {
    private static final String SPACE = "[ \\t]*+";
    private static final String CHARACTER = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
    private static final String TOKEN = CHARACTER + "++";
    private static final String QUOTED = "\"(?:\\\\?" + CHARACTER + ")++\"";
    private static final String PARAMETER =
            TOKEN + SPACE + "(?:=" + SPACE + "(?:" + TOKEN + "|" + QUOTED + ")" + SPACE + ")?";
    private static final String ELEMENT = TOKEN + SPACE + "(?:;" + SPACE + PARAMETER + ")*+";

    /** RFC 6455 §9.1, with the empty elements and the white space that the list rule of RFC 2616 §2.1 allows. */
    private static final Pattern LIST =
            Pattern.compile(SPACE + "(?:" + ELEMENT + ")?(?:," + SPACE + "(?:" + ELEMENT + ")?)*+");

    /** Java's patterns recurse. */
    private static final int LONG = 1000;

    /** Input: the charset of the rest, which is field values, one a line. */
    @FuzzTest
    void whatever_a_field_holds_is_read_by_its_grammar(byte[] input) {
        var choices = new Choices(input);
        var charset = choices.yes() ? UTF_8 : ISO_8859_1;
        var text = new String(choices.rest(), charset);
        if (text.length() <= LONG) {
            var values = text.isEmpty() ? List.<String>of() : Arrays.asList(text.split("\n", -1));
            extensions(values);
            values.forEach(ExtensionHeaderFuzzTest::tokens);
        }
    }

    private static void extensions(List<String> values) {
        var parsed = Extension.parse(values);
        assertEquals(isLawful(values), parsed.isPresent(), () -> "field values " + values);
        parsed.ifPresent(extensions -> {
            var written = extensions.stream().map(Extension::toString).collect(joining(", "));
            assertEquals(parsed, extensions.isEmpty() ? Extension.parse(List.of()) : Extension.parse(List.of(written)));
            assertEquals(parsed, values.isEmpty() ? parsed : Extension.parse(List.of(String.join(",", values))));
            assertEquals(
                    parsed,
                    Optional.of(extensions.stream()
                            .map(ExtensionHeaderFuzzTest::rebuilt)
                            .toList()));
        });
    }

    private static boolean isLawful(List<String> values) {
        var hasElement = values.stream().flatMapToInt(String::chars).anyMatch(c -> " \t,".indexOf(c) < 0);
        return (values.isEmpty() || hasElement)
                && values.stream().allMatch(value -> LIST.matcher(value).matches());
    }

    /** The constructors check again what the parser has checked. */
    private static Extension rebuilt(Extension extension) {
        return new Extension(
                extension.name(),
                extension.parameters().stream()
                        .map(parameter -> new Extension.Parameter(parameter.name(), parameter.value()))
                        .toList());
    }

    private static void tokens(String value) {
        if (!value.chars().allMatch(c -> c == '\t' || c >= ' ' && c <= 0xFF && c != 0x7F)) {
            assertThrows(IllegalArgumentException.class, () -> Headers.of("List", value));
            return;
        }
        var expected = new ArrayList<String>();
        for (var element : value.split(",", -1)) {
            var trimmed = element.replaceAll("^[ \\t]+|[ \\t]+\\z", "");
            if (!trimmed.isEmpty()) {
                expected.add(trimmed);
            }
        }
        var headers = Headers.of("List", value, "list", "");
        assertEquals(expected, headers.tokens("LIST"));
        assertTrue(expected.stream().allMatch(token -> headers.containsToken("List", token)));
    }
}
