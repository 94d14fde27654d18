package io.github.postern.verify.arch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What a Java file says to the compiler: its text without comments and literals. */
final class JavaSource {
    private static final Pattern SILENT = Pattern.compile("""
            (?sx) ""\\"(?: [^"\\\\]++ | \\\\. | "(?!"") )*+""\\"  # text blocks
            | "(?: [^"\\\\\\n]++ | \\\\. )*+"                 # strings
            | '(?: [^'\\\\\\n]++ | \\\\. )*+'                 # characters
            | //[^\\n]*+
            | /\\*.*?\\*/""");

    private JavaSource() {}

    static String code(Path file) {
        try {
            return SILENT.matcher(Files.readString(file)).replaceAll(" ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
