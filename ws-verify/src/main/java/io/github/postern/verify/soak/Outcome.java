package io.github.postern.verify.soak;

import java.io.IOException;
import java.io.PrintWriter;

/**
 * What a run came to.
 *
 * @param warmUp how many of the actions were done before the balance begins
 */
record Outcome(Log log, long warmUp, Balance balance) {
    boolean isGood() {
        return log.failures().isEmpty() && balance.rows().stream().allMatch(Balance.Row::isWithinSlack);
    }

    void print(PrintWriter out) throws IOException {
        out.println();
        log.counts().forEach((action, count) -> out.printf("%-24s %,10d%n", action, count));
        out.printf("%-24s %,10d, %,d of them to warm up%n", "actions", log.total(), warmUp);
        out.printf("%-24s %,10d%n%n", "failures", log.failures().size());
        balance.print(out);
        if (!balance.virtualThreads().isWithinSlack()) {
            out.println();
            out.println(VirtualThreads.dump());
        }
        out.println();
        out.println(isGood() ? "SOAK PASSED" : "SOAK FAILED");
    }
}
