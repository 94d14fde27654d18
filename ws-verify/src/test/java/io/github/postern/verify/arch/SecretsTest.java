package io.github.postern.verify.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.github.postern.verify.arch.PosternModule.PUSH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The secrets of push sessions: where they come from, who touches them, and how they are compared. No clock can test the last. */
class SecretsTest {
    private static final JavaClasses CLASSES = Imported.of(PUSH);
    private static final String SESSION = PUSH.packageName() + ".LiveSession";

    /** The code that asks a session for its secret. */
    private static Set<JavaCodeUnit> askers() {
        return CLASSES.get(SESSION).getMethod("secret").getCallsOfSelf().stream()
                .map(JavaCall::getOrigin)
                .collect(Collectors.toSet());
    }

    @Test
    void secrets_are_drawn_from_a_secure_random() {
        classes()
                .that(simpleName("PushSessions"))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(SecureRandom.class)
                .check(CLASSES);
        noClasses()
                .that(simpleName("PushSessions"))
                .should()
                .callConstructor(Random.class)
                .orShould()
                .callConstructor(Random.class, long.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(concurrent\\.ThreadLocalRandom|SplittableRandom|UUID)")
                .check(CLASSES);
    }

    @Test
    void a_secret_is_read_only_where_it_is_told_or_looked_up() {
        var readers =
                askers().stream().map(asker -> asker.getOwner().getSimpleName()).collect(Collectors.toSet());
        assertEquals(Set.of("PushSessions", "HttpCarrier"), readers);
    }

    @Test
    void a_secret_is_compared_by_a_digest_and_in_constant_time() {
        var sessions = CLASSES.get(PUSH.packageName() + ".PushSessions");
        assertTrue(
                sessions.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().isEquivalentTo(MessageDigest.class)
                                && call.getName().equals("isEqual")),
                "nothing compares in constant time");
        for (var asker : askers()) {
            assertTrue(
                    asker.getMethodCallsFromSelf().stream()
                            .noneMatch(call -> call.getTargetOwner().isEquivalentTo(String.class)
                                    && call.getName()
                                            .matches("equals.*|compareTo.*|startsWith|contentEquals|hashCode")),
                    () -> asker.getFullName() + " compares strings");
        }
    }
}
