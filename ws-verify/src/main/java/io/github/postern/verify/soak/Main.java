package io.github.postern.verify.soak;

import io.github.postern.verify.run.TimedRun;

/** The command line: see {@link TimedRun#main}. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        System.exit(TimedRun.main("soak", args, (time, seed, out) -> {
            var outcome = new Soak(seed, out).run(time);
            outcome.print(out);
            return outcome.isGood();
        }));
    }
}
