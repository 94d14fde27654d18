package io.github.postern.verify.guide;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A block of Java as a source file. One that begins with an import is a file already. Any other is made one: members of a class if it can be read as such, and
 * otherwise statements of a method that may throw anything; with imports of what the modules export, and with what its directive {@code given} declares.
 */
final class JavaBlock {
    private static final Pattern FILE = Pattern.compile("\\A(import|package) ");
    private static final Pattern TYPE = Pattern.compile("(?m)^public (?:final )?class (\\w+)");
    private static final Pattern GIVEN_IMPORT = Pattern.compile("import [^;]+;");
    private static final String NAME = "Block";
    private static final List<String> IMPORTS = List.of(
            "java.io",
            "java.net",
            "java.nio",
            "java.nio.file",
            "java.time",
            "java.util",
            "java.util.concurrent",
            "io.github.postern.faults",
            "io.github.postern.push",
            "io.github.postern.ws.client",
            "io.github.postern.ws.connection",
            "io.github.postern.ws.connection.testkit",
            "io.github.postern.ws.core",
            "io.github.postern.ws.core.handshake",
            "io.github.postern.ws.server",
            "org.junit.jupiter.api",
            "org.junit.jupiter.api.extension");

    private static final JavaCompiler COMPILER = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

    private final String name;
    private final String source;

    private JavaBlock(String name, String source) {
        this.name = name;
        this.source = source;
    }

    /** That of a block with its code as it is. */
    static JavaBlock of(CodeBlock block) {
        return of(block, block.code());
    }

    /** That of a block with changed code. */
    static JavaBlock of(CodeBlock block, String code) {
        if (FILE.matcher(code).find()) {
            var type = TYPE.matcher(code);
            return new JavaBlock(type.find() ? type.group(1) : NAME, code);
        }
        var given = block.directives().getOrDefault("given", "");
        var members = wrapped(given, code);
        return members.isWellFormed()
                ? members
                : wrapped(given, "public void run() throws Exception {\n" + code + "}\n");
    }

    private static JavaBlock wrapped(String given, String body) {
        var imports = IMPORTS.stream().map(name -> "import " + name + ".*;\n").collect(Collectors.joining());
        var ofGiven = GIVEN_IMPORT.matcher(given).results().map(found -> found.group() + "\n");
        return new JavaBlock(
                NAME,
                imports
                        + "import static org.junit.jupiter.api.Assertions.*;\n"
                        + ofGiven.collect(Collectors.joining())
                        + "@SuppressWarnings(\"unused\") public class " + NAME + " {\n"
                        + GIVEN_IMPORT.matcher(given).replaceAll("") + "\n" + body + "}\n");
    }

    /** Whether it can be parsed. */
    private boolean isWellFormed() {
        var faults = new DiagnosticCollector<JavaFileObject>();
        try {
            ((JavacTask) task(faults, List.of())).parse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return faults.getDiagnostics().isEmpty();
    }

    private JavaCompiler.CompilationTask task(DiagnosticCollector<JavaFileObject> faults, List<String> more) {
        var options = new ArrayList<>(List.of(
                "--release",
                "21",
                "-proc:none",
                "-implicit:none",
                "-Xlint:deprecation,removal,unchecked",
                "-classpath",
                System.getProperty("java.class.path")));
        options.addAll(more);
        var file = new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        return COMPILER.getTask(null, FILES, faults, options, null, List.of(file));
    }

    /**
     * Compiles it.
     *
     * @param classes where its classes are put
     * @return what the compiler has to say, errors and warnings, with the line of the source; empty if nothing
     */
    List<String> compile(Path classes) throws IOException {
        var faults = new DiagnosticCollector<JavaFileObject>();
        Files.createDirectories(classes);
        boolean done = task(faults, List.of("-d", classes.toString())).call();
        var all = faults.getDiagnostics().stream().map(this::describe).toList();
        return done || !all.isEmpty() ? all : List.of("not compiled");
    }

    private String describe(Diagnostic<? extends JavaFileObject> fault) {
        var line = fault.getLineNumber() == Diagnostic.NOPOS
                ? ""
                : source.lines().skip(fault.getLineNumber() - 1).findFirst().orElse("");
        return fault.getMessage(null) + " in: " + line.strip();
    }

    /** The name of its class. */
    String name() {
        return name;
    }

    @Override
    public String toString() {
        return source;
    }
}
