package io.github.postern.verify.arch;

import java.io.File;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The descriptors of our modules, and of those that they can require. */
final class Descriptors {
    private static final Map<String, ModuleReference> ON_CLASS_PATH = onClassPath();

    private Descriptors() {}

    static ModuleDescriptor of(PosternModule module) {
        return ModuleFinder.of(module.classes())
                .find(module.packageName())
                .orElseThrow()
                .descriptor();
    }

    static Optional<ModuleDescriptor> find(String name) {
        return ModuleFinder.ofSystem()
                .find(name)
                .or(() -> Optional.ofNullable(ON_CLASS_PATH.get(name)))
                .map(ModuleReference::descriptor);
    }

    /** The modules on the class path, one by one, because some of the jars there have no name that a module could have. */
    private static Map<String, ModuleReference> onClassPath() {
        var modules = new HashMap<String, ModuleReference>();
        Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1))
                .filter(entry -> !entry.isEmpty())
                .forEach(entry -> {
                    try {
                        ModuleFinder.of(Path.of(entry))
                                .findAll()
                                .forEach(found -> modules.put(found.descriptor().name(), found));
                    } catch (FindException e) {
                        // nobody can require it then
                    }
                });
        return modules;
    }
}
