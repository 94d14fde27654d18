package io.github.postern.verify.protocol;

import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line: {@code http://host:port/push [ORIGIN [LIMITED]]}, where ORIGIN is on the server's list and LIMITED the URL of a limited endpoint. The
 * endpoints do what the package says. Prints a table.
 * Exit code 0: no case has failed; 1: one has; 2: wrong arguments.
 */
final class ProtocolSuite {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ProtocolSuite() {}

    public static void main(String[] args) throws InterruptedException {
        System.exit(run(List.of(args), System.out));
    }

    static int run(List<String> arguments, PrintStream out) throws InterruptedException {
        var uri = arguments.isEmpty() ? Optional.<URI>empty() : url(arguments.getFirst());
        var limited = arguments.size() < 3 ? uri : url(arguments.get(2));
        if (uri.isEmpty() || limited.isEmpty() || arguments.size() > 3) {
            out.println("usage: ProtocolSuite http://host:port/path [ORIGIN [http://host:port/limited]]");
            return 2;
        }
        var origin = arguments.stream().skip(1).findFirst();
        var results = new ArrayList<>(new Run(uri.get(), PATIENCE, origin).run(Suite.all()));
        if (arguments.size() > 2) {
            results.addAll(new Run(limited.get(), PATIENCE, origin).run(Suite.limited()));
        }
        return print(results, out);
    }

    private static Optional<URI> url(String argument) {
        try {
            var uri = new URI(argument);
            boolean usable = "http".equals(uri.getScheme())
                    && uri.getHost() != null
                    && !uri.getRawPath().isEmpty();
            return usable ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static int print(List<Result> results, PrintStream out) {
        var failed = new ArrayList<Result>();
        for (var result : results) {
            out.printf(
                    "%-8s %6d ms  %s%n",
                    result.verdict(), result.millis(), result.of().id());
            if (result.verdict() != Result.Verdict.PASSED) {
                out.printf("           %s%n           %s%n", result.of().rule(), result.detail());
            }
            if (result.verdict() == Result.Verdict.FAILED) {
                failed.add(result);
            }
        }
        out.printf("%d cases, %d failed%n", results.size(), failed.size());
        return failed.isEmpty() ? 0 : 1;
    }
}
