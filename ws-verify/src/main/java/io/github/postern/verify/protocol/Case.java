package io.github.postern.verify.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One rule of PROTOCOL.md and a way to see whether a server keeps to it.
 *
 * @param section the number of the heading it stands under
 * @param name unique in its section
 * @param rule the words of the page, as they stand there
 * @param body returns if the rule is kept
 */
record Case(int section, String name, String rule, Body body) {

    /** Returns if the rule is kept. */
    @FunctionalInterface
    interface Body {
        void run(Target target) throws Broken, Skipped, IOException;
    }

    String id() {
        return "§" + section + " " + name;
    }

    /** The cases of one section, in the order of their adding. */
    static final class Section {
        private final int number;
        private final List<Case> cases = new ArrayList<>();

        Section(int number) {
            this.number = number;
        }

        Section add(String name, String rule, Body body) {
            cases.add(new Case(number, name, rule, body));
            return this;
        }

        List<Case> toList() {
            return List.copyOf(cases);
        }
    }
}
