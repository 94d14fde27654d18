package io.github.postern.samples;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The command line of a sample. What is wrong with it ends the program with one sentence and exit code 2, and so does a
 * port that cannot be had or a file that cannot be read; other failures end it with exit code 1.
 *
 * <p>Options are described by picocli's programmatic API rather than by annotated fields, which would have to be opened to its reflection.
 */
public final class Arguments {
    private final ParseResult parsed;

    private Arguments(ParseResult parsed) {
        this.parsed = parsed;
    }

    /** What a sample does with its arguments. */
    @FunctionalInterface
    public interface Sample {
        /**
         * Runs it.
         *
         * @param arguments the arguments of the command line
         * @return the exit code
         * @throws Exception if it fails
         */
        int run(Arguments arguments) throws Exception;
    }

    /** Starts to describe the command line of a sample; the first line of the description stands in the list of samples, too. */
    public static CommandSpec command(String name, String... description) {
        var command = CommandSpec.create().name("samples/run " + name);
        command.usageMessage().description(description).sortOptions(false).width(100);
        return command.addOption(OptionSpec.builder("--help", "-h")
                .usageHelp(true)
                .description("Show this text.")
                .build());
    }

    /** Describes an option that takes a number. */
    public static OptionSpec number(String option, String label, int defaultValue, String description) {
        return OptionSpec.builder(option)
                .paramLabel(label)
                .type(int.class)
                .defaultValue(Integer.toString(defaultValue))
                .description(description + " (default: " + defaultValue + ").")
                .build();
    }

    /** Describes {@code --port}. */
    public static OptionSpec port() {
        return number("--port", "PORT", 8080, "Where to listen; 0 takes any free port");
    }

    /** Describes an option that takes a file. */
    public static OptionSpec file(String option, String description) {
        return OptionSpec.builder(option)
                .paramLabel("FILE")
                .type(Path.class)
                .description(description)
                .build();
    }

    /** Describes an option that takes a text. */
    public static OptionSpec text(String option, String label, String description) {
        return OptionSpec.builder(option)
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build();
    }

    /** Describes an option that takes a text, and may be given several times. */
    public static OptionSpec texts(String option, String label, String description) {
        return OptionSpec.builder(option)
                .paramLabel(label)
                .arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description(description + " May be given several times.")
                .build();
    }

    /** Describes an option without a value. */
    public static OptionSpec flag(String option, String description) {
        return OptionSpec.builder(option).description(description).build();
    }

    /** Runs a sample with the program's arguments, and ends the program. */
    public static void run(CommandSpec command, String[] args, Sample sample) throws Exception {
        var out = new PrintWriter(System.out, true, System.out.charset());
        var err = new PrintWriter(System.err, true, System.err.charset());
        System.exit(run(command, args, out, err, sample));
    }

    /** Runs a sample, and returns its exit code. */
    static int run(CommandSpec command, String[] args, PrintWriter out, PrintWriter err, Sample sample)
            throws Exception {
        var commandLine = new CommandLine(command).setExpandAtFiles(false);
        try {
            var parsed = commandLine.parseArgs(args);
            if (commandLine.isUsageHelpRequested()) {
                commandLine.usage(out);
                return CommandLine.ExitCode.OK;
            }
            return sample.run(new Arguments(parsed));
        } catch (ParameterException e) {
            err.println(command.name() + ": " + e.getMessage() + " (--help tells the options)");
            return CommandLine.ExitCode.USAGE;
        } catch (IOException e) {
            err.println(command.name() + ": " + sentence(e));
            return isWrongArgument(e) ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static String sentence(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no file " + missing.getFile();
            case AccessDeniedException denied -> "no access to the file " + denied.getFile();
            default -> String.valueOf(e.getMessage());
        };
    }

    private static boolean isWrongArgument(IOException e) {
        return Stream.iterate(e, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof BindException
                        || cause instanceof NoSuchFileException
                        || cause instanceof AccessDeniedException);
    }

    /** The value of an option that takes a number, which must lie between two bounds. */
    public int number(String option, int least, int most) {
        int value = parsed.commandSpec().findOption(option).<Integer>getValue();
        if (value < least || value > most) {
            throw wrong(option + " must be between " + least + " and " + most + ", not " + value);
        }
        return value;
    }

    /** The value of {@code --port}. */
    public int portNumber() {
        return number("--port", 0, 65_535);
    }

    /** Whether an option was given. */
    public boolean has(String option) {
        return parsed.hasMatchedOption(option);
    }

    /** The value of an option that takes a file, if it was given. */
    public Optional<Path> path(String option) {
        return Optional.ofNullable(parsed.<Path>matchedOptionValue(option, null));
    }

    /** The value of an option that takes a text, if it was given. */
    public Optional<String> text(String option) {
        return Optional.ofNullable(parsed.<String>matchedOptionValue(option, null));
    }

    /** The values of an option that may be given several times. */
    public List<String> texts(String option) {
        return parsed.<List<String>>matchedOptionValue(option, List.of());
    }

    /** The arguments that belong to no option. */
    public List<String> words() {
        return parsed.matchedPositionals().stream()
                .flatMap(words -> words.<List<String>>getValue().stream())
                .toList();
    }

    /** Complains about the arguments in a sentence: to be thrown. */
    public ParameterException wrong(String sentence) {
        return new ParameterException(parsed.commandSpec().commandLine(), sentence);
    }
}
