package io.github.postern.verify.chaos;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;

/** The command line: minutes, and a seed if that of an earlier run is to be taken. Exit code 0: every message arrived once and in order; 1: not so; 2: wrong arguments. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        var out = new PrintWriter(System.out, true, System.out.charset());
        System.exit(run(args, out));
    }

    private static int run(String[] args, PrintWriter out) throws Exception {
        if (args.length < 1 || args.length > 2) {
            out.println("chaos: MINUTES [SEED]");
            return 2;
        }
        var time = Duration.ofMillis(Math.round(Double.parseDouble(args[0]) * 60_000));
        var seed = args.length == 2 ? Long.parseLong(args[1]) : new SecureRandom().nextInt(Integer.MAX_VALUE);
        var outcome = new Chaos(seed, out).run(time);
        outcome.print(out);
        return outcome.failures().isEmpty() ? 0 : 1;
    }
}
