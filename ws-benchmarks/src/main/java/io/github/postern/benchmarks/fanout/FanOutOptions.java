package io.github.postern.benchmarks.fanout;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for: {@code name=value} in any order.
 *
 * @param warmUp of each row, in seconds
 * @param seconds how long is measured
 * @param document where the tables go besides the output
 */
record FanOutOptions(
        List<Row> rows, List<Peer> servers, int rounds, double warmUp, double seconds, Optional<Path> document) {
    static final String USAGE = """
            all, then any of
              rows=NAME,…        %s
              servers=NAME,…     %s
              rounds=NUMBER      3
              warmup=SECONDS     3, of each row
              seconds=SECONDS    3, measured, of each row and round
              document=FILE      where the tables go, between <!-- fanout --> and <!-- end of fanout -->
            """.formatted(names(Row.values()), names(Peer.values()));

    private static final FanOutOptions DEFAULTS =
            new FanOutOptions(List.of(Row.values()), List.of(Peer.values()), 3, 3, 3, Optional.empty());

    /** @throws IllegalArgumentException if something is not understood */
    static FanOutOptions parse(String[] arguments) {
        if (arguments.length == 0 || !arguments[0].equals("all")) {
            throw new IllegalArgumentException("no mode");
        }
        var options = DEFAULTS;
        for (var argument : Arrays.asList(arguments).subList(1, arguments.length)) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("not name=value: " + argument);
            }
            options = options.with(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return options;
    }

    private FanOutOptions with(String name, String value) {
        return switch (name) {
            case "rows" -> new FanOutOptions(named(Row.values(), value), servers, rounds, warmUp, seconds, document);
            case "servers" -> new FanOutOptions(rows, named(Peer.values(), value), rounds, warmUp, seconds, document);
            case "rounds" -> new FanOutOptions(rows, servers, Integer.parseInt(value), warmUp, seconds, document);
            case "warmup" -> new FanOutOptions(rows, servers, rounds, Double.parseDouble(value), seconds, document);
            case "seconds" -> new FanOutOptions(rows, servers, rounds, warmUp, Double.parseDouble(value), document);
            case "document" -> new FanOutOptions(rows, servers, rounds, warmUp, seconds, Optional.of(Path.of(value)));
            default -> throw new IllegalArgumentException("no such option: " + name);
        };
    }

    private static <T> List<T> named(T[] all, String names) {
        return Arrays.stream(names.split(",", -1))
                .map(name -> Arrays.stream(all)
                        .filter(each -> each.toString().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(name + " is none of " + names(all))))
                .toList();
    }

    private static String names(Object[] all) {
        return Arrays.stream(all).map(Object::toString).collect(joining(" "));
    }
}
