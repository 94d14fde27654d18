package io.github.postern.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xml.sax.SAXException;

/** Checks the release in a folder: writes into a file a line for each rule that is broken, and ends with 1 if there is one. */
final class ReleaseCheck {
    private static final List<Rule> RULES = List.of(
            new LayoutRule(),
            new MetadataRule(),
            new ConsumerRule(),
            new DependencyRule(),
            new ChecksumRule(),
            new SignatureRule(),
            new JarRule(),
            new SizeRule());

    private ReleaseCheck() {}

    public static void main(String[] args) throws IOException {
        var violations = violations(Path.of(args[0]));
        Files.write(Path.of(args[1]), violations);
        System.exit(violations.isEmpty() ? 0 : 1);
    }

    /**
     * What is wrong with a release, each in a line; empty if nothing is.
     *
     * @param folder the root of a Maven repository that holds one release and nothing else, but for the key it is signed with
     */
    static List<String> violations(Path folder) throws IOException {
        Release release;
        try {
            release = Release.in(folder);
        } catch (SAXException e) {
            return List.of(e.getMessage());
        }
        if (release.artifacts().isEmpty()) {
            return List.of("no POM in " + folder);
        }
        var violations = new ArrayList<String>();
        for (var rule : RULES) {
            violations.addAll(rule.violations(release));
        }
        return violations;
    }
}
