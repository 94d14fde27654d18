package io.github.postern.verify.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The format of every source file, by the formatter that Spotless uses. Spotless itself can only do so when Maven runs on a JDK that
 * can parse the sources; this runs on the JDK that compiled them.
 */
class FormatTest {
    private static final Formatter FORMATTER = Formatter.createFormatter(
            JavaFormatterOptions.builder().style(Style.PALANTIR).build());

    @Test
    void every_source_file_is_formatted() {
        var sources = sources();
        assertTrue(sources.size() >= 100, () -> "only " + sources.size() + " files");
        var unformatted = sources.parallelStream()
                .filter(file -> !isFormatted(file))
                .map(PosternModule.root()::relativize)
                .toList();
        assertEquals(
                List.of(),
                unformatted,
                "not formatted; let JAVA_HOME point to a JDK 21 or newer and run: mvn spotless:apply");
    }

    private static List<Path> sources() {
        try (var folders = Files.list(PosternModule.root())) {
            var modules = folders.map(folder -> folder.resolve("src"))
                    .filter(Files::isDirectory)
                    .flatMap(folder -> Stream.of(folder.resolve("main/java"), folder.resolve("test/java")))
                    .filter(Files::isDirectory)
                    .flatMap(folder -> PosternModule.files(folder, ".java").stream());
            return Stream.concat(modules, consumers()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the projects that are built apart from the modules. */
    private static Stream<Path> consumers() {
        var sources = PosternModule.files(PosternModule.root().resolve("consumers"), ".java").stream()
                .filter(file -> !file.toString().contains("/target/"))
                .toList();
        assertTrue(sources.size() >= 12, () -> "only " + sources.size() + " files of consumers");
        return sources.stream();
    }

    /** The three steps, in their order, that Spotless takes. */
    private static boolean isFormatted(Path file) {
        try {
            var source = Files.readString(file);
            var ordered = ImportOrderer.reorderImports(source, Style.PALANTIR);
            return source.equals(FORMATTER.formatSource(RemoveUnusedImports.removeUnusedImports(ordered)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FormatterException e) {
            throw new IllegalArgumentException("cannot be parsed: " + file, e);
        }
    }
}
