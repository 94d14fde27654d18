package io.github.postern.verify.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Collects the cases of one file. A name begins with the section of the RFC that it proves. */
final class CaseList<T extends Target> {
    private static final Pattern SECTION = Pattern.compile("([0-9.]+)-.*");

    private final String rfc;
    private final String prefix;
    private final List<Case<T>> cases = new ArrayList<>();

    private CaseList(String rfc, String prefix) {
        this.rfc = rfc;
        this.prefix = prefix;
    }

    static <T extends Target> CaseList<T> rfc6455() {
        return new CaseList<>("RFC 6455", "");
    }

    static <T extends Target> CaseList<T> rfc7692() {
        return new CaseList<>("RFC 7692", "7692-");
    }

    /** What a case does with an open connection without extensions. */
    @FunctionalInterface
    interface Talk {
        void run(Peer peer) throws Finding, IOException;
    }

    CaseList<T> add(String name, String rule, Case.Body<? super T> body) {
        return add(name, rule, false, body);
    }

    /** A case whose failure is only worth telling. */
    CaseList<T> advise(String name, String rule, Case.Body<? super T> body) {
        return add(name, rule, true, body);
    }

    CaseList<T> talk(String name, String rule, Talk talk) {
        return add(name, rule, false, target -> talk.run(target.open()));
    }

    CaseList<T> adviseTalk(String name, String rule, Talk talk) {
        return add(name, rule, true, target -> talk.run(target.open()));
    }

    /** A case that needs permessage-deflate, in any form that the implementation agrees to. */
    CaseList<T> talkDeflate(String name, String rule, Talk talk) {
        return add(name, rule, false, target -> talk.run(target.openDeflate()));
    }

    private CaseList<T> add(String name, String rule, boolean advisory, Case.Body<? super T> body) {
        var matcher = SECTION.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no section: " + name);
        }
        cases.add(new Case<>(prefix + name, rfc + " §" + matcher.group(1), rule, advisory, body));
        return this;
    }

    List<Case<T>> toList() {
        return List.copyOf(cases);
    }
}
