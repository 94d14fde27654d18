package io.github.postern.release;

import java.util.List;
import java.util.stream.Stream;

/** A POM says what Central demands: name, description, home, licence, developers and sources; and its version is no snapshot. */
final class MetadataRule implements Rule {
    private static final List<String> DEMANDED = List.of(
            "modelVersion",
            "groupId",
            "artifactId",
            "version",
            "name",
            "description",
            "url",
            "licenses/license/name",
            "licenses/license/url",
            "developers/developer/name",
            "scm/url",
            "scm/connection",
            "scm/developerConnection");

    @Override
    public List<String> violations(Release release) {
        return release.artifacts().stream()
                .map(Artifact::pom)
                .flatMap(pom -> Stream.concat(missing(pom), snapshot(pom)))
                .toList();
    }

    private static Stream<String> missing(Pom pom) {
        return DEMANDED.stream()
                .filter(path -> pom.text(path).isEmpty())
                .map(path -> pom.file().getFileName() + ": has no " + path);
    }

    private static Stream<String> snapshot(Pom pom) {
        return Stream.of(pom.coordinates())
                .filter(Coordinates::isSnapshot)
                .map(own -> pom.file().getFileName() + ": its version is a snapshot: " + own.version());
    }
}
