package io.github.postern.verify.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.conditions.ArchConditions.beFinal;
import static com.tngtech.archunit.lang.conditions.ArchConditions.beStatic;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static io.github.postern.verify.arch.PosternModule.CLIENT;
import static io.github.postern.verify.arch.PosternModule.CONNECTION;
import static io.github.postern.verify.arch.PosternModule.PUSH;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The house style, as far as a machine can see it. */
class HouseStyleTest {
    private static final Pattern SYNCHRONIZED = Pattern.compile("\\bsynchronized\\b");

    /** A virtual thread that blocks inside {@code synchronized} keeps its carrier on Java 21. */
    @Test
    void no_method_is_synchronized() {
        noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).check(Imported.LIBRARIES);
    }

    /** ArchUnit does not see blocks; the sources show them. */
    @Test
    void no_block_is_synchronized() {
        var found = PosternModule.LIBRARIES.stream()
                .flatMap(module -> PosternModule.files(module.sources(), ".java").stream())
                .filter(file -> SYNCHRONIZED.matcher(JavaSource.code(file)).find())
                .toList();
        assertEquals(List.of(), found);
    }

    @Test
    void the_library_does_not_write_to_the_standard_streams() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(Imported.LIBRARIES);
    }

    @Test
    void nothing_uses_java_util_logging() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(Imported.ALL);
    }

    @Test
    void nothing_sleeps() {
        noClasses().should().callMethodWhere(Sleep.CALL).check(Imported.ALL);
    }

    @Test
    void classes_are_closed_or_meant_to_be_extended() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotAnonymousClasses()
                .should(beClosed())
                .check(Imported.ALL);
    }

    private static ArchCondition<JavaClass> beClosed() {
        return new ArchCondition<>("be final, abstract, sealed, a record or an enum") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean closed = type.getModifiers().contains(JavaModifier.FINAL)
                        || type.getModifiers().contains(JavaModifier.ABSTRACT)
                        || type.isEnum()
                        || type.reflect().isSealed();
                events.add(new SimpleConditionEvent(type, closed, type.getName() + " can be extended by anybody"));
            }
        };
    }

    @Test
    void public_fields_are_constants() {
        fields().that().arePublic().should(beStatic().and(beFinal())).check(Imported.LIBRARIES);
    }

    /** A record with an array is neither immutable nor equal to its copy. */
    @Test
    void records_have_no_arrays() {
        fields().that()
                .areDeclaredInClassesThat()
                .areRecords()
                .and()
                .areNotStatic()
                .should()
                .notHaveRawType(describe("an array", JavaClass::isArray))
                .check(Imported.ALL);
    }

    @Test
    void no_generic_exception_is_thrown() {
        NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(Imported.ALL);
    }

    /** The core has none to offer: what a peer does wrong is an event there. */
    @Test
    void exceptions_are_offered_only_where_there_is_a_network() {
        classes()
                .that(assignableTo(Throwable.class))
                .and()
                .arePublic()
                .should()
                .resideInAnyPackage(CONNECTION.packageName(), CLIENT.packageName(), PUSH.packageName())
                .check(Imported.LIBRARIES);
    }
}
