package io.github.postern.release;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * What a POM asks for of ours is part of the release; what it asks for of others is a release too. The BOM names each jar. Whether
 * the others are at Central is seen by resolving {@link ThirdParty}.
 */
final class DependencyRule implements Rule {
    @Override
    public List<String> violations(Release release) {
        var violations = new ArrayList<String>();
        for (var artifact : release.artifacts()) {
            var pom = artifact.pom();
            var all = new ArrayList<>(pom.dependencies());
            all.addAll(pom.managed());
            for (var dependency : all) {
                var asked = dependency.coordinates();
                var says = pom.file().getFileName() + ": asks for " + asked + ", which ";
                if (asked.version().isEmpty()) {
                    violations.add(says + "has no version");
                } else if (!ThirdParty.isOurs(release, asked)) {
                    if (asked.isSnapshot()) {
                        violations.add(says + "is a snapshot");
                    }
                } else if (release.find(asked).isEmpty()) {
                    violations.add(says + "is not in this release");
                }
            }
        }
        violations.addAll(missingInBom(release));
        return violations;
    }

    private static List<String> missingInBom(Release release) {
        var boms = release.artifacts().stream()
                .filter(artifact -> !artifact.isJar())
                .toList();
        if (boms.size() != 1) {
            return List.of("this release has not one BOM, but " + boms.size());
        }
        var bom = boms.getFirst().pom();
        var named = new HashSet<Coordinates>();
        bom.managed().forEach(dependency -> named.add(dependency.coordinates()));
        return release.jars().stream()
                .map(jar -> jar.pom().coordinates())
                .filter(jar -> !named.contains(jar))
                .map(jar -> bom.file().getFileName() + ": does not name " + jar)
                .toList();
    }
}
