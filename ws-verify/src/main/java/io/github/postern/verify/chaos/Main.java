package io.github.postern.verify.chaos;

import io.github.postern.verify.run.TimedRun;

/** The command line: see {@link TimedRun#main}. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        System.exit(TimedRun.main("chaos", args, (time, seed, out) -> {
            var outcome = new Chaos(seed, out).run(time);
            outcome.print(out);
            return outcome.failures().isEmpty();
        }));
    }
}
