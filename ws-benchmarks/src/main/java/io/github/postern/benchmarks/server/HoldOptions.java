package io.github.postern.benchmarks.server;

import java.time.Duration;

/**
 * How many connections {@link Hold} has, and for how long.
 *
 * @param connections 1 to 25,000: more would need clients at several addresses, since a port is not used twice towards one
 * @param ping after how much silence of a client the server sends it a Ping
 * @param time how long they are held once all are open
 */
record HoldOptions(int connections, Duration ping, Duration time) {
    static final String MODE = "hold";

    static final String USAGE = """
            hold                 whether Postern's server keeps all of many idle connections, with pings
            then any of
              connections=NUMBER 18000
              ping=SECONDS       of silence, until the server sends one: 10
              seconds=SECONDS    how long it holds them: 60
            """;

    private static final int MOST = 25_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    HoldOptions {
        if (connections < 1 || connections > MOST) {
            throw new IllegalArgumentException("connections out of range: " + connections);
        }
        if (!ping.isPositive() || !time.isPositive()) {
            throw new IllegalArgumentException("not a time: " + (ping.isPositive() ? time : ping));
        }
    }

    /** @throws IllegalArgumentException if something is not understood */
    static HoldOptions parse(String[] arguments) {
        var options = new HoldOptions(18_000, Duration.ofSeconds(10), Duration.ofSeconds(60));
        for (var option : Options.values(arguments).entrySet()) {
            options = options.with(option.getKey(), option.getValue());
        }
        return options;
    }

    private HoldOptions with(String name, String value) {
        return switch (name) {
            case "connections" -> new HoldOptions(Integer.parseInt(value), ping, time);
            case "ping" -> new HoldOptions(connections, seconds(value), time);
            case "seconds" -> new HoldOptions(connections, ping, seconds(value));
            default -> throw new IllegalArgumentException("no such option: " + name);
        };
    }

    private static Duration seconds(String value) {
        return Duration.ofNanos(Math.round(Double.parseDouble(value) * NANOS_PER_SECOND));
    }
}
