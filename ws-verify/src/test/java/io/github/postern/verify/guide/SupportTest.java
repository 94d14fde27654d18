package io.github.postern.verify.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of what the README calls supported names tests that are there; and versions are those that the build has. */
class SupportTest {
    private static final Pattern TABLE = Pattern.compile("(?s)<!-- supported -->(.*)<!-- end of supported -->");
    private static final Pattern TEST_CLASS = Pattern.compile("`(\\w+Test)`");
    private static final Pattern TEST_METHOD =
            Pattern.compile("@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\\b");

    private static String readme() {
        try {
            return Files.readString(CodeBlock.ROOT.resolve("README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows below the head. */
    static List<String> rows() {
        var table = TABLE.matcher(readme());
        assertTrue(table.find(), "no table");
        return table.group(1)
                .lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .toList();
    }

    @Test
    void there_are_such_rows() {
        assertTrue(rows().size() >= 8, () -> "only " + rows());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_row_names_tests_that_are_there(String row) throws IOException {
        var named = TEST_CLASS
                .matcher(row)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertFalse(named.isEmpty(), "no test");
        for (var test : named) {
            var sources = sources(test);
            assertEquals(1, sources.size(), () -> test + ": " + sources);
            var code = Files.readString(sources.getFirst());
            assertTrue(TEST_METHOD.matcher(code).find(), () -> test + " has no tests");
        }
    }

    private static List<Path> sources(String test) throws IOException {
        try (var modules = Files.list(CodeBlock.ROOT)) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(folder -> below(folder, test + ".java"))
                    .toList();
        }
    }

    private static Stream<Path> below(Path folder, String name) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith(name)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"Jetty, pom.xml, jetty.version", "Tomcat, ws-verify/pom.xml, tomcat.version"})
    void the_version_is_the_one_that_is_tested(String what, String pom, String property) throws IOException {
        var stated = Pattern.compile("\\b" + what + " (\\d+(?:\\.\\d+)*)").matcher(String.join("\n", rows()));
        assertTrue(stated.find(), what);
        var name = Pattern.quote(property);
        var used = Pattern.compile("<" + name + ">([^<]+)<").matcher(Files.readString(CodeBlock.ROOT.resolve(pom)));
        assertTrue(used.find(), property);
        assertTrue(used.group(1).startsWith(stated.group(1) + "."), () -> stated.group() + ", but " + used.group(1));
    }
}
