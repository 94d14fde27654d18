package io.github.postern.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xml.sax.SAXException;

/** All that is published at once, as it lies in a folder that has the layout of a Maven repository. */
record Release(Path folder, List<Path> files, List<Artifact> artifacts) {
    /** The public key of its signatures, in {@link #folder}. */
    static final String KEY = "signing-key.asc";

    Release {
        files = List.copyOf(files);
        artifacts = List.copyOf(artifacts);
    }

    /** @throws SAXException if a POM cannot be read, naming it */
    static Release in(Path folder) throws IOException, SAXException {
        List<Path> files;
        try (var found = Files.walk(folder)) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        var artifacts = new ArrayList<Artifact>();
        for (var file : files) {
            if (file.toString().endsWith(".pom")) {
                artifacts.add(new Artifact(folder, Pom.read(file)));
            }
        }
        return new Release(folder, files, artifacts);
    }

    /** The jars, which a user depends on; the others are POMs alone. */
    List<Artifact> jars() {
        return artifacts.stream().filter(Artifact::isJar).toList();
    }

    Optional<Artifact> find(Coordinates coordinates) {
        return artifacts.stream()
                .filter(artifact -> artifact.pom().coordinates().equals(coordinates))
                .findFirst();
    }
}
