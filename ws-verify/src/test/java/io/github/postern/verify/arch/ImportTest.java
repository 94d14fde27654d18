package io.github.postern.verify.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards the other rules: none of them may pass because it looked at nothing. */
class ImportTest {
    @ParameterizedTest
    @EnumSource
    void every_module_has_classes(PosternModule module) {
        int size = Imported.of(module).size();
        assertTrue(size >= module.leastClasses(), () -> module + ": only " + size + " classes");
    }

    @Test
    void every_class_belongs_to_a_module() {
        int sum = Stream.of(PosternModule.values())
                .mapToInt(module -> Imported.of(module).size())
                .sum();
        assertEquals(Imported.ALL.size(), sum);
    }

    @ParameterizedTest
    @EnumSource
    void every_module_has_tests(PosternModule module) {
        assertFalse(PosternModule.files(module.testClasses(), "Test.class").isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void every_module_has_sources(PosternModule module) {
        int size = PosternModule.files(module.sources(), ".java").size();
        assertTrue(size >= 4, () -> module + ": only " + size + " files");
    }

    @Test
    void there_are_tests_to_look_at() {
        int size = Imported.TESTS.size();
        assertTrue(size >= 60, () -> "only " + size + " classes");
    }
}
