package io.github.postern.verify.run;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;

/** The command line of a run that goes on for some time at random: minutes, and a seed if that of an earlier run is to be taken. */
@FunctionalInterface
public interface TimedRun {
    /** Runs, prints what came of it, and returns whether all was as it must be. */
    boolean run(Duration time, long seed, PrintWriter out) throws Exception;

    /** Runs as the arguments say. Returns the exit code: 0: all was as it must be; 1: something was not; 2: wrong arguments. */
    static int main(String name, String[] args, TimedRun run) throws Exception {
        var out = new PrintWriter(System.out, true, System.out.charset());
        if (args.length < 1 || args.length > 2) {
            out.println(name + ": MINUTES [SEED]");
            return 2;
        }
        var time = Duration.ofMillis(Math.round(Double.parseDouble(args[0]) * 60_000));
        long seed = args.length == 2 ? Long.parseLong(args[1]) : new SecureRandom().nextInt(Integer.MAX_VALUE);
        return run.run(time, seed, out) ? 0 : 1;
    }
}
