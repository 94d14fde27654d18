package io.github.postern.verify.conformance;

import java.io.IOException;

/**
 * One rule and a way to see whether it is kept.
 *
 * @param id the section it stands in, and a name: unique in the suite
 * @param section where the rule stands
 * @param rule the rule, in a sentence
 * @param advisory whether breaking it is worth telling and no failure: the text says SHOULD, or nothing
 * @param body sees whether it is kept
 * @param <T> what it runs against
 */
record Case<T extends Target>(String id, String section, String rule, boolean advisory, Body<? super T> body) {

    /** Returns if the rule is kept. */
    @FunctionalInterface
    interface Body<T> {
        void run(T target) throws Finding, IOException;
    }

    Verdict run(T target) {
        var verdict = verdict(target);
        return advisory && verdict instanceof Verdict.Failed failed
                ? new Verdict.Informational(failed.expected(), failed.observed())
                : verdict;
    }

    private Verdict verdict(T target) {
        try {
            body.run(target);
            return new Verdict.Passed();
        } catch (Finding e) {
            return e.verdict();
        } catch (IOException e) {
            return new Verdict.Failed("a connection that works", String.valueOf(e));
        }
    }
}
