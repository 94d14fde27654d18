package io.github.postern.verify.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The core computes: no I/O, no threads, no locks, no clock, no randomness of its own, no log. */
class PureCoreTest {
    private static final JavaClasses CORE = Imported.of(PosternModule.CORE);

    /** A list of what is allowed, so that whatever the JDK gains is forbidden until somebody thinks about it. */
    @Test
    void core_uses_only_packages_that_compute() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        PosternModule.CORE.packages(),
                        "java.lang",
                        "java.lang.annotation",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.nio",
                        "java.nio.charset",
                        "java.security",
                        "java.util",
                        "java.util.function",
                        "java.util.stream",
                        "java.util.zip",
                        "org.jspecify.annotations")
                .check(CORE);
    }

    @Test
    void core_has_no_threads_processes_or_logs() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.(Thread.*|InheritableThreadLocal|Process.*|Runtime|ScopedValue.*"
                        + "|StructuredTaskScope.*|System\\$Logger.*)|java\\.util\\.Timer.*")
                .check(CORE);
    }

    @Test
    void core_has_no_clock_and_no_randomness() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.util\\.(.*Random|UUID|Date|.*Calendar|TimeZone)|java\\.security\\.SecureRandom.*")
                .orShould()
                .callMethod(Math.class, "random")
                .check(CORE);
    }

    @Test
    void core_asks_the_system_for_nothing_but_array_copies() {
        noClasses()
                .should()
                .accessTargetWhere(describe(
                        "is a member of System other than arraycopy",
                        (JavaAccess<?> access) -> access.getTargetOwner().isEquivalentTo(System.class)
                                && !access.getName().equals("arraycopy")))
                .check(CORE);
    }

    @Test
    void core_does_not_wait_or_notify() {
        noClasses()
                .should()
                .callMethodWhere(describe(
                        "is wait or notify",
                        call -> List.of("wait", "notify", "notifyAll").contains(call.getName())))
                .check(CORE);
    }
}
