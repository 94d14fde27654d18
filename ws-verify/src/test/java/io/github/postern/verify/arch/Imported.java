package io.github.postern.verify.arch;

import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The compiled classes as ArchUnit sees them, imported once for all rules. */
final class Imported {
    /** All modules, without their tests. */
    static final JavaClasses ALL = new ClassFileImporter()
            .importPaths(Stream.of(PosternModule.values())
                    .map(PosternModule::classes)
                    .toList());

    /** What users have on their module path: all but samples. */
    static final JavaClasses LIBRARIES = of(PosternModule.LIBRARIES);

    /** The tests of all modules, the ones here included. */
    static final JavaClasses TESTS = new ClassFileImporter()
            .importPaths(Stream.concat(
                            Stream.of(PosternModule.values()).map(PosternModule::testClasses),
                            Stream.of(PosternModule.root().resolve("ws-verify/target/test-classes")))
                    .filter(Files::isDirectory)
                    .toList());

    private Imported() {}

    static JavaClasses of(PosternModule module) {
        return of(List.of(module));
    }

    private static JavaClasses of(Collection<PosternModule> modules) {
        var packages = modules.stream().map(PosternModule::packages).toArray(String[]::new);
        return ALL.that(Predicates.resideInAnyPackage(packages));
    }
}
