package io.github.postern.verify.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.metaAnnotatedWith;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;

/** How tests are written, so that they run at all and say what they show. */
class TestStyleTest {
    private static final DescribedPredicate<JavaClass> HAVE_TESTS = describe(
            "have tests",
            type -> type.getMethods().stream().anyMatch(method -> method.isMetaAnnotatedWith(Testable.class)));

    /** Surefire would pass over any other name in silence. */
    @Test
    void classes_with_tests_end_in_test() {
        classes().that(HAVE_TESTS).should().haveSimpleNameEndingWith("Test").check(Imported.TESTS);
    }

    @Test
    void classes_that_end_in_test_have_tests() {
        classes().that().haveSimpleNameEndingWith("Test").should(be(HAVE_TESTS)).check(Imported.TESTS);
    }

    @Test
    void test_classes_are_package_private() {
        classes().that(HAVE_TESTS).should().bePackagePrivate().check(Imported.TESTS);
    }

    @Test
    void tests_are_sentences_in_snake_case() {
        methods()
                .that(metaAnnotatedWith(Testable.class))
                .should()
                .haveNameMatching("[a-z0-9]+(_[a-z0-9]+)*")
                .andShould()
                .bePackagePrivate()
                .check(Imported.TESTS);
    }

    @Test
    void tests_do_not_sleep() {
        noClasses().should().callMethodWhere(Sleep.CALL).check(Imported.TESTS);
    }
}
