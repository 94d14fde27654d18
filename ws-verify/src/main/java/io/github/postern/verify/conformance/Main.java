package io.github.postern.verify.conformance;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line: {@code server ws://host:port/path} or {@code client --port 9001}. Exit code 0: no case has failed; 1: one has; 2: wrong arguments. */
final class Main {
    private static final int SHORTEST_MILLIS = 100;

    private final ParseResult parsed;
    private final PrintWriter out;

    private Main(ParseResult parsed, PrintWriter out) {
        this.parsed = parsed;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        var out = new PrintWriter(System.out, true, System.out.charset());
        var err = new PrintWriter(System.err, true, System.err.charset());
        System.exit(run(args, out, err));
    }

    static int run(String[] args, PrintWriter out, PrintWriter err) throws InterruptedException {
        var commandLine = new CommandLine(command()).setOut(out);
        try {
            var parsed = commandLine.parseArgs(args);
            var help = CommandLine.executeHelpRequest(parsed);
            if (help != null) {
                return help;
            }
            if (!parsed.hasSubcommand()) {
                throw new ParameterException(commandLine, "server or client?");
            }
            return new Main(parsed.subcommand(), out).run();
        } catch (ParameterException e) {
            err.println("conformance: " + e.getMessage() + " (--help tells the options)");
            return CommandLine.ExitCode.USAGE;
        } catch (IOException e) {
            err.println("conformance: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static CommandSpec command() {
        var server = side("server", "Tests a server that sends every message back.")
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("URL")
                        .type(URI.class)
                        .required(true)
                        .description("Where it listens: ws://host:port/path.")
                        .build());
        var client = side("client", "Tests a client that asks for each case and sends every message back.")
                .addOption(number("--port", "PORT", "Where to listen (default: 9001; 0 takes any free port)."));
        var command = CommandSpec.create().name("conformance").addOption(help());
        command.usageMessage().description("Tests an implementation of WebSocket against RFC 6455 and RFC 7692.");
        return command.addSubcommand("server", server).addSubcommand("client", client);
    }

    private static CommandSpec side(String name, String description) {
        var command = CommandSpec.create().name(name);
        command.usageMessage().description(description).sortOptions(false).width(100);
        return command.addOption(help())
                .addOption(OptionSpec.builder("--only")
                        .paramLabel("REGEX")
                        .type(String.class)
                        .description("Run the cases whose whole id matches.")
                        .build())
                .addOption(OptionSpec.builder("--list")
                        .description("List the cases and run none.")
                        .build())
                .addOption(OptionSpec.builder("--json")
                        .paramLabel("FILE")
                        .type(Path.class)
                        .description("Write all results into a file, too.")
                        .build())
                .addOption(number("--timeout", "MILLIS", "How long to wait for what has to come (default: 5000)."))
                .addOption(
                        number("--max-message", "BYTES", "The longest message that is accepted, if there is a limit."))
                .addOption(number("--max-fragments", "N", "The most frames of a message, if there is a limit."));
    }

    private static OptionSpec help() {
        return OptionSpec.builder("--help", "-h")
                .usageHelp(true)
                .description("Show this text.")
                .build();
    }

    private static OptionSpec number(String option, String label, String description) {
        return OptionSpec.builder(option)
                .paramLabel(label)
                .type(Integer.class)
                .description(description)
                .build();
    }

    private int run() throws IOException, InterruptedException {
        return parsed.commandSpec().name().equals("server") ? server() : client();
    }

    private int server() throws IOException, InterruptedException {
        URI uri = parsed.matchedPositionalValue(0, URI.create(""));
        if (!"ws".equals(uri.getScheme()) || uri.getHost() == null) {
            throw wrong("not a URL of the form ws://host:port/path: " + uri);
        }
        var cases = chosen(Suite.server());
        return parsed.hasMatchedOption("--list") ? list(cases) : report(new ServerRun(uri, settings()).run(cases));
    }

    private int client() throws IOException, InterruptedException {
        var cases = chosen(Suite.client());
        if (parsed.hasMatchedOption("--list")) {
            return list(cases);
        }
        try (var run =
                ClientRun.start(cases, settings(), number("--port", 0, 65_535).orElse(9001))) {
            out.printf("%d cases at ws://localhost:%d/getCaseCount%n", cases.size(), run.port());
            run.await();
            return report(run.results());
        }
    }

    private <C extends Case<?>> List<C> chosen(List<C> cases) {
        String regex = parsed.matchedOptionValue("--only", ".*");
        try {
            var chosen = Suite.only(cases, Pattern.compile(regex).asMatchPredicate());
            if (chosen.isEmpty()) {
                throw wrong("no case has such an id: " + regex);
            }
            return chosen;
        } catch (PatternSyntaxException e) {
            throw wrong("not a regular expression: " + regex);
        }
    }

    private int list(List<? extends Case<?>> cases) {
        cases.forEach(one -> out.printf("%-44s %-19s %s%n", one.id(), one.section(), one.rule()));
        return CommandLine.ExitCode.OK;
    }

    private int report(List<Result> results) throws IOException {
        var report = new Report(results);
        report.print(out);
        Path json = parsed.matchedOptionValue("--json", null);
        if (json != null) {
            report.write(json);
        }
        return report.hasFailures() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private Settings settings() {
        int patience = number("--timeout", SHORTEST_MILLIS, 600_000).orElse(5000);
        int most = Integer.MAX_VALUE - 64;
        return new Settings(
                Duration.ofMillis(patience), number("--max-message", 1, most), number("--max-fragments", 1, most));
    }

    private OptionalInt number(String option, int least, int most) {
        Integer value = parsed.matchedOptionValue(option, null);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (value < least || value > most) {
            throw wrong(option + " must be between " + least + " and " + most + ", not " + value);
        }
        return OptionalInt.of(value);
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(parsed.commandSpec().commandLine(), sentence);
    }
}
