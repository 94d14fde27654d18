package io.github.postern.verify.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of code in README and guide compiles, or is parsed; there are such blocks; and what does not compile is found. */
@Timeout(60)
class GuideCodeTest {
    /** Those without a language are commands and what they print. */
    private static final Set<String> LANGUAGES = Set.of("java", "js", "html", "xml", "nginx", "haproxy", "");

    private static final Pattern SCRIPT = Pattern.compile("<script type=\"module\">\n(.*?)</script>", Pattern.DOTALL);

    @TempDir
    private Path folder;

    static Stream<CodeBlock> java() {
        return in("java");
    }

    /** Scripts, and those of pages. */
    static Stream<CodeBlock> scripts() {
        return Stream.concat(in("js"), in("html"));
    }

    private static Stream<CodeBlock> in(String language) {
        return CodeBlock.all().stream().filter(block -> block.language().equals(language));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("java")
    void java_compiles(CodeBlock block) throws IOException {
        var source = JavaBlock.of(block);
        assertEquals(List.of(), source.compile(folder), () -> block + "\n" + source);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    void scripts_are_parsed(CodeBlock block) throws Exception {
        for (var script : modules(block)) {
            assertEquals("", check(script), block::toString);
        }
    }

    private static List<String> modules(CodeBlock block) {
        if (block.language().equals("js")) {
            return List.of(block.code());
        }
        var scripts = SCRIPT.matcher(block.code())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertTrue(!scripts.isEmpty(), () -> block + " has no module script");
        return scripts;
    }

    /** What Node has to say about the syntax of a module. */
    private String check(String script) throws Exception {
        var found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
        if (!found && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("node is not on the path");
        }
        assumeTrue(found, "node is not on the path");
        var file = Files.writeString(folder.resolve("script.mjs"), script);
        var node = new ProcessBuilder("node", "--check", file.toString())
                .redirectErrorStream(true)
                .start();
        var output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return node.waitFor() == 0 ? "" : "refused: " + output;
    }

    @ParameterizedTest
    @CsvSource({
        "README.md, 3",
        "docs/guide/push-apps.md, 6",
        "docs/guide/security.md, 3",
        "docs/guide/testing.md, 4",
        "docs/guide/migrating.md, 8",
        "docs/guide/limits.md, 1"
    })
    void each_page_has_its_code(String page, int atLeast) {
        long found = java().filter(block -> block.page().equals(Path.of(page))).count();
        assertTrue(found >= atLeast, () -> page + " has " + found + " blocks of Java");
    }

    @Test
    void every_block_says_what_it_is() {
        var others = CodeBlock.all().stream()
                .filter(block -> !LANGUAGES.contains(block.language()))
                .toList();
        assertEquals(List.of(), others);
    }

    /** The mechanism itself: each of these has a fault that a compiler finds. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "statement with an unknown method | WebSocketClient.create().connekt(null);",
                "statement that cannot be parsed  | var client = WebSocketClient.create(;",
                "member with an unknown type      | Kund kunde() { return null; }",
                "file with an unknown type        | import java.util.List; final class A { Kund kunde; }",
                "file without its imports         | package a; final class A { PushServer server; }",
                "deprecated method                | var id = new Thread().getId();"
            })
    void a_fault_is_found(String what, String code) throws IOException {
        var source = JavaBlock.of(new CodeBlock(Path.of("page"), 1, "java", Map.of(), code + "\n"));
        assertTrue(!source.compile(folder).isEmpty(), what);
    }

    @Test
    void a_script_that_cannot_be_parsed_is_found() throws Exception {
        assertTrue(check("const a = ;\n").contains("SyntaxError"));
    }

    @Test
    void blocks_are_read_with_what_stands_above_them() {
        var page = """
                text
                <!-- example: one -->
                <!-- given: int a; -->
                ```java
                a++;
                ```

                - item

                  ```
                  command
                    more
                  ```
                """;
        var blocks = new ArrayList<>(CodeBlock.parse(Path.of("page"), page));
        assertEquals(
                List.of("java:{example=one, given=int a;}:a++;\n", ":{}:command\n  more\n"),
                blocks.stream()
                        .map(block -> block.language() + ":" + new TreeMap<>(block.directives()) + ":" + block.code())
                        .toList());
        assertThrows(IllegalArgumentException.class, () -> CodeBlock.parse(Path.of("page"), "```java\nint a;\n"));
        assertThrows(
                IllegalArgumentException.class,
                () -> CodeBlock.parse(Path.of("page"), "<!-- given: int a; -->\n\n```java\n```\n"));
    }
}
