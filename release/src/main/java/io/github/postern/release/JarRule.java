package io.github.postern.release;

import java.io.IOException;
import java.lang.module.InvalidModuleDescriptorException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;

/** A jar is a module that says so itself, holds our classes alone, and every jar has licence and notice. */
final class JarRule implements Rule {
    private static final List<String> IN_EACH = List.of("META-INF/LICENSE", "META-INF/NOTICE");
    private static final String DESCRIPTOR = "module-info.class";

    @Override
    public List<String> violations(Release release) throws IOException {
        var violations = new ArrayList<String>();
        for (var artifact : release.jars()) {
            check(artifact.jar(), List.of(DESCRIPTOR), violations);
            check(artifact.sources(), List.of("module-info.java"), violations);
            check(artifact.javadoc(), List.of("index.html"), violations);
        }
        return violations;
    }

    private static void check(Path file, List<String> needed, List<String> violations) throws IOException {
        if (!Files.exists(file)) {
            return; // which LayoutRule tells
        }
        var name = file.getFileName().toString();
        try (var jar = new JarFile(file.toFile())) {
            for (var entry : concat(IN_EACH, needed)) {
                if (jar.getEntry(entry) == null) {
                    violations.add(name + ": has no " + entry);
                }
            }
            var manifest = jar.getManifest();
            if (manifest != null
                    && manifest.getMainAttributes().containsKey(new Attributes.Name("Automatic-Module-Name"))) {
                violations.add(name + ": has an Automatic-Module-Name");
            }
            foreign(jar).forEach(entry -> violations.add(name + ": holds what is not its module's: " + entry));
        } catch (ZipException | InvalidModuleDescriptorException e) {
            violations.add(name + ": cannot be read: " + e.getMessage());
        }
    }

    /** Classes outside the packages of the module, which are named after it, and jars inside the jar. */
    private static List<String> foreign(JarFile jar) throws IOException {
        var descriptor = jar.getEntry(DESCRIPTOR);
        var own = descriptor == null ? "" : moduleName(jar, descriptor).replace('.', '/') + "/";
        return jar.stream()
                .map(ZipEntry::getName)
                .filter(entry -> entry.endsWith(".jar")
                        || entry.endsWith(".class") && !entry.equals(DESCRIPTOR) && !entry.startsWith(own))
                .toList();
    }

    private static String moduleName(JarFile jar, ZipEntry descriptor) throws IOException {
        try (var in = jar.getInputStream(descriptor)) {
            return ModuleDescriptor.read(in).name();
        }
    }

    private static List<String> concat(List<String> first, List<String> second) {
        var both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }
}
