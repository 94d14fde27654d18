package io.github.postern.verify.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the README says of Java: what the library is compiled for, and what its tests run on. That no newer API is used, {@code --release} sees to. */
class JavaVersionTest {
    /** Of Java 21 (JVMS §4.1). */
    private static final int CLASS_FILE_VERSION = 65;

    private static final Pattern TESTED = Pattern.compile("(?m)^\\| Java \\| (\\d+) \\|.*`JavaVersionTest`");
    private static final Pattern RELEASE =
            Pattern.compile("<maven\\.compiler\\.release>(\\d+)</maven\\.compiler\\.release>");

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SAMPLES")
    void every_class_is_one_of_java_21(PosternModule module) throws IOException {
        var files = PosternModule.files(module.classes(), ".class");
        assertTrue(files.size() >= module.leastClasses());
        for (var file : files) {
            // A Maven on an older JDK has to read this one: see the profile maven-on-older-jdk.
            if (!file.endsWith("module-info.class")) {
                assertEquals(CLASS_FILE_VERSION, version(file), file::toString);
            }
        }
    }

    private static int version(Path file) throws IOException {
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            assertEquals(0xCAFEBABE, in.readInt());
            assertEquals(0, in.readUnsignedShort(), "a preview feature");
            return in.readUnsignedShort();
        }
    }

    @Test
    void the_build_asks_the_compiler_for_java_21() throws IOException {
        var release = RELEASE.matcher(Files.readString(PosternModule.root().resolve("pom.xml")));
        assertTrue(release.find());
        assertEquals("21", release.group(1));
    }

    /** Elsewhere the tests may run on any JDK from 21 on. */
    @Test
    void the_gate_runs_on_the_java_that_the_readme_names() throws IOException {
        var tested = TESTED.matcher(Files.readString(PosternModule.root().resolve("README.md")));
        assertTrue(tested.find(), "no row");
        if ("true".equals(System.getenv("CI"))) {
            assertEquals(Integer.parseInt(tested.group(1)), Runtime.version().feature());
        }
    }
}
