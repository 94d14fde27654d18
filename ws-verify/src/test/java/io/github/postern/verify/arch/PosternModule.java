package io.github.postern.verify.arch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The modules of the build: where they lie, and what is in them. */
enum PosternModule {
    CORE("ws-core", "io.github.postern.ws.core", 45),
    CONNECTION("ws-connection", "io.github.postern.ws.connection", 25),
    SERVER("ws-server", "io.github.postern.ws.server", 12),
    CLIENT("ws-client", "io.github.postern.ws.client", 4),
    FAULTS("ws-faults", "io.github.postern.faults", 12),
    PUSH("ws-sse-fallback", "io.github.postern.push", 100),
    SAMPLES("samples", "io.github.postern.samples", 20);

    static final List<PosternModule> LIBRARIES = List.of(CORE, CONNECTION, SERVER, CLIENT, FAULTS, PUSH);

    private static final Path ROOT = root();

    private final String folder;
    private final String packageName;
    private final int leastClasses;

    PosternModule(String folder, String packageName, int leastClasses) {
        this.folder = folder;
        this.packageName = packageName;
        this.leastClasses = leastClasses;
    }

    /** The root package, which is the name of the Java module too. */
    String packageName() {
        return packageName;
    }

    /** The root package and those below it, as ArchUnit writes it. */
    String packages() {
        return packageName + "..";
    }

    /** Fewer than this many classes mean that the import went wrong, so that rules would pass on nothing. */
    int leastClasses() {
        return leastClasses;
    }

    /** The folder in the source tree, which is the artifactId too. */
    String folder() {
        return folder;
    }

    Path classes() {
        return ROOT.resolve(folder).resolve("target/classes");
    }

    Path testClasses() {
        return ROOT.resolve(folder).resolve("target/test-classes");
    }

    Path sources() {
        return ROOT.resolve(folder).resolve("src/main/java");
    }

    /** Every file in a directory and below it whose name ends so; none if there is no such directory. */
    static List<Path> files(Path directory, String ending) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of the whole build, from wherever inside it the tests were started. */
    static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("ws-core"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        "not inside the source tree: " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }
}
