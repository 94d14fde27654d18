package io.github.postern.release;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A POM has what somebody needs who depends on it, and nothing that only the build needs: no parent, no plugins, no variables. */
final class ConsumerRule implements Rule {
    private static final Set<String> FOR_ALL = Set.of(
            "modelVersion",
            "groupId",
            "artifactId",
            "version",
            "packaging",
            "name",
            "description",
            "url",
            "licenses",
            "developers",
            "scm");

    /** An absent one is "compile". */
    private static final Set<String> SCOPES = Set.of("", "compile", "runtime");

    @Override
    public List<String> violations(Release release) throws IOException {
        var violations = new ArrayList<String>();
        for (var artifact : release.artifacts()) {
            var pom = artifact.pom();
            var more = artifact.isJar() ? "dependencies" : "dependencyManagement";
            pom.sections()
                    .filter(section -> !FOR_ALL.contains(section) && !section.equals(more))
                    .forEach(section -> violations.add(
                            pom.file().getFileName() + ": has what a consumer does not need: " + section));
            pom.dependencies().stream()
                    .filter(dependency -> !SCOPES.contains(dependency.scope()))
                    .forEach(dependency -> violations.add(pom.file().getFileName() + ": depends on "
                            + dependency.coordinates() + " in the scope " + dependency.scope()));
            if (Files.readString(pom.file()).contains("${")) {
                violations.add(pom.file().getFileName() + ": has a variable");
            }
        }
        return violations;
    }
}
