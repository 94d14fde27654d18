package io.github.postern.release;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Each file that has to be there is, with signature and checksums, at the path of its coordinates; and there is no other. */
final class LayoutRule implements Rule {
    /** What Central demands of each file. */
    private static final List<String> DEMANDED = List.of(".asc", ".md5", ".sha1");

    private static final Pattern ATTACHED = Pattern.compile("(\\.asc)?(\\.(md5|sha1|sha256|sha512))?$");

    @Override
    public List<String> violations(Release release) {
        var violations = new ArrayList<String>();
        Set<Path> known = new HashSet<>();
        known.add(release.folder().resolve(Release.KEY));
        for (var artifact : release.artifacts()) {
            for (var file : artifact.files()) {
                known.add(file);
                if (!Files.exists(file)) {
                    violations.add(file.getFileName() + ": is missing");
                    continue;
                }
                for (var ending : DEMANDED) {
                    var attached = file.resolveSibling(file.getFileName() + ending);
                    if (!Files.exists(attached)) {
                        violations.add(attached.getFileName() + ": is missing");
                    }
                }
            }
        }
        for (var file : release.files()) {
            var owner = file.resolveSibling(
                    ATTACHED.matcher(file.getFileName().toString()).replaceFirst(""));
            if (!known.contains(file) && !known.contains(owner)) {
                violations.add(release.folder().relativize(file) + ": belongs to no artifact");
            }
        }
        return violations;
    }
}
