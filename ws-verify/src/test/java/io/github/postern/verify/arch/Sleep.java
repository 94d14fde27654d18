package io.github.postern.verify.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.util.concurrent.TimeUnit;

/** A thread that sleeps waits for nothing in particular: too long when all is well, too short when the machine is slow. */
final class Sleep {
    static final DescribedPredicate<JavaMethodCall> CALL = describe(
            "puts a thread to sleep",
            call -> call.getName().equals("sleep")
                    && (call.getTargetOwner().isEquivalentTo(Thread.class)
                            || call.getTargetOwner().isEquivalentTo(TimeUnit.class)));

    private Sleep() {}
}
