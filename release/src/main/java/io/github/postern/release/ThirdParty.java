package io.github.postern.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.xml.sax.SAXException;

/** Writes a POM that asks for all that a release asks for of others, so that Maven can be let look for it. */
final class ThirdParty {
    private ThirdParty() {}

    public static void main(String[] args) throws IOException, SAXException {
        Files.writeString(Path.of(args[1]), pom(Release.in(Path.of(args[0]))));
    }

    static String pom(Release release) {
        var text = new StringBuilder("""
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>third</groupId>
                  <artifactId>parties</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <dependencies>
                """);
        for (var asked : dependencies(release)) {
            text.append("""
                        <dependency>
                          <groupId>%s</groupId>
                          <artifactId>%s</artifactId>
                          <version>%s</version>
                        </dependency>
                    """.formatted(asked.groupId(), asked.artifactId(), asked.version()));
        }
        return text.append("""
                  </dependencies>
                </project>
                """).toString();
    }

    static List<Coordinates> dependencies(Release release) {
        return release.artifacts().stream()
                .flatMap(artifact -> artifact.pom().dependencies().stream())
                .map(Dependency::coordinates)
                .filter(asked -> !isOurs(release, asked))
                .distinct()
                .toList();
    }

    /** Whether it is of a group that the release publishes. */
    static boolean isOurs(Release release, Coordinates asked) {
        return release.artifacts().stream()
                .anyMatch(artifact -> artifact.pom().coordinates().groupId().equals(asked.groupId()));
    }
}
