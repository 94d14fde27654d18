package io.github.postern.verify.conformance;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** All cases, in the order in which they are reported. */
final class Suite {
    private Suite() {}

    /** What concerns both sides. */
    private static List<Case<Target>> both() {
        var cases = new ArrayList<Case<Target>>();
        List.of(
                        FramingCases.list(),
                        FragmentationCases.list(),
                        ControlCases.list(),
                        ClosingCases.list(),
                        Utf8Cases.list(),
                        LimitCases.list(),
                        DeflateCases.list())
                .forEach(cases::addAll);
        return cases;
    }

    /** What concerns a server. */
    static List<Case<? super ServerTarget>> server() {
        var cases = new ArrayList<Case<? super ServerTarget>>(ServerHandshakeCases.list());
        cases.addAll(both());
        cases.addAll(DeflateOfferCases.list());
        cases.addAll(WindowCases.server());
        return List.copyOf(cases);
    }

    /** What concerns a client. */
    static List<Case<? super ClientTarget>> client() {
        var cases = new ArrayList<Case<? super ClientTarget>>(ClientHandshakeCases.list());
        cases.addAll(both());
        cases.addAll(ClosingCases.client());
        cases.addAll(DeflateResponseCases.list());
        cases.addAll(WindowCases.client());
        return List.copyOf(cases);
    }

    /** The cases whose id matches. */
    static <C extends Case<?>> List<C> only(Collection<C> cases, Predicate<String> ids) {
        return cases.stream().filter(candidate -> ids.test(candidate.id())).toList();
    }
}
