package io.github.postern.release;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A module that is published: its POM, and what should lie beside it. */
record Artifact(Path repository, Pom pom) {
    private static final List<String> OF_A_POM = List.of(".pom");
    private static final List<String> OF_A_JAR =
            List.of(".pom", ".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json");

    boolean isJar() {
        return pom.text("packaging").orElse("jar").equals("jar");
    }

    String artifactId() {
        return pom.coordinates().artifactId();
    }

    Path jar() {
        return file(".jar");
    }

    Path sources() {
        return file("-sources.jar");
    }

    Path javadoc() {
        return file("-javadoc.jar");
    }

    /** Where its files should be, without signatures and checksums. */
    List<Path> files() {
        return (isJar() ? OF_A_JAR : OF_A_POM).stream().map(this::file).toList();
    }

    /** Those of {@link #files} that are there. */
    Stream<Path> present() {
        return files().stream().filter(Files::exists);
    }

    private Path file(String ending) {
        var named = pom.coordinates();
        return repository
                .resolve(named.groupId().replace('.', '/'))
                .resolve(named.artifactId())
                .resolve(named.version())
                .resolve(named.artifactId() + "-" + named.version() + ending);
    }
}
