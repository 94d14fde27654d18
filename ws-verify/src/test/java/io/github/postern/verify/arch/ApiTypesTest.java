package io.github.postern.verify.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who requires a module can use all that its API speaks of. The build does without javac's lint "exports", which says the same but
 * also of annotations: with them JSpecify would be required transitively, and every user would have to have it to compile.
 */
class ApiTypesTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SAMPLES")
    void the_api_of_a_module_speaks_only_of_what_its_users_can_read(PosternModule module) {
        var readable = readable(Descriptors.of(module));
        var api = Imported.of(module).stream().filter(ApiTypesTest::isVisible).toList();
        assertTrue(!api.isEmpty());
        var hidden = api.stream()
                .flatMap(type -> spokenOf(type)
                        .filter(spoken -> !spoken.isPrimitive())
                        .filter(spoken -> !readable.contains(spoken.getPackageName()) || !isVisible(spoken))
                        .map(spoken -> type.getName() + " speaks of " + spoken.getName()))
                .distinct()
                .toList();
        assertEquals(List.of(), hidden);
    }

    /** The packages of the module, of the platform's base, and of what is required for its users, too. */
    private static Set<String> readable(ModuleDescriptor module) {
        var packages = new HashSet<String>();
        exported(module).forEach(packages::add);
        exported(Descriptors.find("java.base").orElseThrow()).forEach(packages::add);
        module.requires().stream()
                .filter(requires -> requires.modifiers().contains(Requires.Modifier.TRANSITIVE))
                .map(requires -> Descriptors.find(requires.name()).orElseThrow())
                .forEach(required -> packages.addAll(readable(required)));
        return packages;
    }

    private static Stream<String> exported(ModuleDescriptor module) {
        return module.exports().stream()
                .filter(exports -> !exports.isQualified())
                .map(Exports::source);
    }

    private static Stream<JavaClass> spokenOf(JavaClass type) {
        var members = Stream.concat(type.getFields().stream(), type.getCodeUnits().stream())
                .filter(ApiTypesTest::isVisible)
                .flatMap(member -> member.getAllInvolvedRawTypes().stream());
        var thrown = type.getCodeUnits().stream()
                .filter(ApiTypesTest::isVisible)
                .flatMap(unit -> unit.getExceptionTypes().stream());
        var parents = Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
                .map(JavaType::getAllInvolvedRawTypes)
                .flatMap(Set::stream);
        return Stream.of(members, thrown, parents).flatMap(types -> types).map(JavaClass::getBaseComponentType);
    }

    private static boolean isVisible(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static boolean isVisible(JavaClass type) {
        return (type.getModifiers().contains(JavaModifier.PUBLIC)
                        || type.getModifiers().contains(JavaModifier.PROTECTED))
                && type.getEnclosingClass().map(ApiTypesTest::isVisible).orElse(true);
    }
}
