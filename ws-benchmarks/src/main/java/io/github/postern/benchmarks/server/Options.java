package io.github.postern.benchmarks.server;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line asks for: a mode, then {@code name=value} in any order.
 *
 * @param warmUp of each row, in seconds
 * @param seconds how long is measured
 * @param document where the tables go besides the output
 */
record Options(
        Mode mode,
        List<Row> rows,
        List<Peer> servers,
        int rounds,
        double warmUp,
        double seconds,
        Optional<Path> document) {

    static final String USAGE = """
            all                  every row with every server, three rounds
            quick                one short round, without the idle connections
            profile              where Postern's server spends its time
            then any of
              rows=NAME,…        %s
              servers=NAME,…     %s
              rounds=NUMBER
              warmup=SECONDS     of each row
              seconds=SECONDS    measured, of each row and round
              document=FILE      where the tables go, between <!-- servers --> and <!-- end of servers -->
            """.formatted(names(Row.values()), names(Peer.values())) + HoldOptions.USAGE;

    enum Mode {
        ALL(3, 4, 3),
        QUICK(1, 0.5, 1),
        PROFILE(1, 5, 15);

        private final int rounds;
        private final double warmUp;
        private final double seconds;

        Mode(int rounds, double warmUp, double seconds) {
            this.rounds = rounds;
            this.warmUp = warmUp;
            this.seconds = seconds;
        }

        private List<Row> rows() {
            return Arrays.stream(Row.values())
                    .filter(row -> this == ALL || row.kind() != Row.Kind.IDLE)
                    .toList();
        }
    }

    /** @throws IllegalArgumentException if something is not understood */
    static Options parse(String[] arguments) {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("no mode");
        }
        var mode = named(Mode.values(), arguments[0]);
        var options = new Options(
                mode, mode.rows(), List.of(Peer.values()), mode.rounds, mode.warmUp, mode.seconds, Optional.empty());
        for (var option : values(arguments).entrySet()) {
            options = options.with(option.getKey(), option.getValue());
        }
        return options;
    }

    /** What follows the mode, by name. */
    static Map<String, String> values(String[] arguments) {
        var values = new LinkedHashMap<String, String>();
        for (var argument : Arrays.asList(arguments).subList(1, arguments.length)) {
            var equals = argument.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("not name=value: " + argument);
            }
            values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return values;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "rows" -> new Options(mode, list(Row.values(), value), servers, rounds, warmUp, seconds, document);
            case "servers" -> new Options(mode, rows, list(Peer.values(), value), rounds, warmUp, seconds, document);
            case "rounds" -> new Options(mode, rows, servers, Integer.parseInt(value), warmUp, seconds, document);
            case "warmup" -> new Options(mode, rows, servers, rounds, Double.parseDouble(value), seconds, document);
            case "seconds" -> new Options(mode, rows, servers, rounds, warmUp, Double.parseDouble(value), document);
            case "document" -> new Options(mode, rows, servers, rounds, warmUp, seconds, Optional.of(Path.of(value)));
            default -> throw new IllegalArgumentException("no such option: " + name);
        };
    }

    private static <T extends Enum<T>> List<T> list(T[] all, String names) {
        return Arrays.stream(names.split(",", -1)).map(name -> named(all, name)).toList();
    }

    private static <T extends Enum<T>> T named(T[] all, String name) {
        return Arrays.stream(all)
                .filter(each -> text(each).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is none of " + names(all)));
    }

    private static String names(Enum<?>[] all) {
        return Arrays.stream(all).map(Options::text).collect(joining(" "));
    }

    private static String text(Enum<?> value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }
}
