package io.github.postern.verify.arch;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each module asks for and gives, to the letter: a descriptor is the promise that is hardest to take back. */
class ModuleDescriptorTest {
    @Test
    void core_needs_nothing() {
        assertDescriptor(PosternModule.CORE, """
                exports io.github.postern.ws.core
                exports io.github.postern.ws.core.handshake
                requires java.base
                requires static org.jspecify""");
    }

    @Test
    void connection_needs_the_core() {
        assertDescriptor(PosternModule.CONNECTION, """
                exports io.github.postern.ws.connection
                exports io.github.postern.ws.connection.testkit
                requires java.base
                requires jdk.jfr
                requires static org.jspecify
                requires transitive io.github.postern.ws.core""");
    }

    @Test
    void server_needs_the_connection() {
        assertDescriptor(PosternModule.SERVER, """
                exports io.github.postern.ws.server
                requires java.base
                requires jdk.jfr
                requires static org.jspecify
                requires transitive io.github.postern.ws.connection""");
    }

    @Test
    void client_needs_the_connection() {
        assertDescriptor(PosternModule.CLIENT, """
                exports io.github.postern.ws.client
                requires java.base
                requires static org.jspecify
                requires transitive io.github.postern.ws.connection""");
    }

    @Test
    void faults_need_junit() {
        assertDescriptor(PosternModule.FAULTS, """
                exports io.github.postern.faults
                requires java.base
                requires static org.jspecify
                requires transitive org.junit.jupiter.api""");
    }

    @Test
    void push_needs_the_client_the_servlet_api_and_jetty() {
        assertDescriptor(PosternModule.PUSH, """
                exports io.github.postern.push
                requires io.github.postern.ws.client
                requires java.base
                requires java.net.http
                requires jdk.jfr
                requires org.eclipse.jetty.alpn.server
                requires org.eclipse.jetty.ee11.servlet
                requires org.eclipse.jetty.http2.server
                requires org.eclipse.jetty.server
                requires static org.jspecify
                requires transitive io.github.postern.ws.connection
                requires transitive jakarta.servlet""");
    }

    @Test
    void samples_export_nothing() {
        assertDescriptor(PosternModule.SAMPLES, """
                requires info.picocli
                requires io.github.postern.faults
                requires io.github.postern.push
                requires io.github.postern.ws.client
                requires io.github.postern.ws.server
                requires jakarta.json
                requires java.base
                requires jdk.management
                requires static org.jspecify""");
    }

    /** What must not be API is package-private; a package that is not exported would only hide public types badly. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SAMPLES")
    void a_library_module_exports_all_its_packages_to_everybody(PosternModule module) {
        var descriptor = Descriptors.of(module);
        var exported = descriptor.exports().stream()
                .filter(exports -> !exports.isQualified())
                .map(Exports::source)
                .collect(toSet());
        assertEquals(descriptor.packages(), exported);
        assertTrue(descriptor.exports().stream().noneMatch(Exports::isQualified));
    }

    /** Picocli and its like may be let in by samples, never by the library. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SAMPLES")
    void a_library_module_is_closed_and_opens_nothing(PosternModule module) {
        assertFalse(Descriptors.of(module).isOpen());
        assertEquals(Set.of(), Descriptors.of(module).opens());
    }

    /** The name of an automatic module comes from a file name, and changes with it. */
    @ParameterizedTest
    @EnumSource
    void no_required_module_is_automatic(PosternModule module) {
        for (var requires : Descriptors.of(module).requires()) {
            var required = Descriptors.find(requires.name());
            assertTrue(required.isPresent(), () -> "not found: " + requires.name());
            assertFalse(required.get().isAutomatic(), () -> "automatic: " + requires.name());
        }
    }

    private static void assertDescriptor(PosternModule module, String expected) {
        assertEquals(expected, lines(Descriptors.of(module)));
    }

    private static String lines(ModuleDescriptor descriptor) {
        var lines = new TreeSet<String>();
        for (var requires : descriptor.requires()) {
            var modifiers = requires.modifiers().stream()
                    .filter(modifier -> modifier != Requires.Modifier.MANDATED)
                    .sorted()
                    .map(modifier -> modifier.name().toLowerCase(Locale.ROOT) + " ")
                    .collect(joining());
            lines.add("requires " + modifiers + requires.name());
        }
        for (var exports : descriptor.exports()) {
            lines.add("exports " + exports.source() + (exports.isQualified() ? " to " + exports.targets() : ""));
        }
        for (var opens : descriptor.opens()) {
            lines.add("opens " + opens.source() + (opens.isQualified() ? " to " + opens.targets() : ""));
        }
        descriptor.uses().forEach(service -> lines.add("uses " + service));
        descriptor
                .provides()
                .forEach(provides -> lines.add("provides " + provides.service() + " with " + provides.providers()));
        return String.join("\n", lines);
    }
}
