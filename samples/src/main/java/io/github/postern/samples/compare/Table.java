package io.github.postern.samples.compare;

import java.util.List;
import java.util.Locale;

/** Measurements as lines of text, at most 100 columns wide, with what the columns mean. */
final class Table {
    private static final String ROW = "%-13s %9s %6s  %8s %8s %8s  %8s %8s  %9s %11s%n";
    private static final String HEADINGS = ("%58s  %17s  %9s %11s%n"
                    .formatted("latency in milliseconds", "bytes per message", "requests/", "server CPU")
            + ROW.formatted(
                    "transport", "delivered", "lost", "p50", "p99", "max", "down", "up", "message", "ms/1,000"));

    private Table() {}

    static String of(List<Measurement> measurements, Settings settings) {
        var table = new StringBuilder(HEADINGS);
        measurements.forEach(measurement -> table.append(row(measurement)));
        return table.append(System.lineSeparator())
                .append(explanation(measurements, settings))
                .toString();
    }

    private static String row(Measurement m) {
        return ROW.formatted(
                m.name(),
                count(m.delivered()),
                count(m.lost()),
                number(m.latency().p50(), 2),
                number(m.latency().p99(), 2),
                number(m.latency().max(), 2),
                number(m.downPerMessage(), 1),
                number(m.upPerMessage(), 1),
                number(m.requestsPerMessage(), 3),
                number(m.cpuMillisPerThousand(), 0));
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A dash for what could not be measured. */
    private static String number(double value, int decimals) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    private static String explanation(List<Measurement> measurements, Settings settings) {
        double payload = measurements.stream()
                .mapToDouble(Measurement::payloadPerMessage)
                .average()
                .orElse(Double.NaN);
        return """
                delivered, lost   messages that reached a client's application, and those that never did
                latency           from publishing a message on the server to the client's receive()
                bytes/message     on the sockets, from the server (down) and to it (up), with HTTP heads, framing
                                  and acknowledgements; a message alone has %s
                requests/message  HTTP requests; opening the connections is not counted, here and in the bytes
                server CPU        used by the server's process for 1,000 messages to one client, in steps of 10 ms
                Each transport in its turn carried the same %s messages, %s ms apart, to %s.
                Plain polling asked every %s ms.
                """.formatted(
                        number(payload, 1),
                        count(settings.messages()),
                        count(settings.interval().toMillis()),
                        settings.clients() == 1 ? "one client" : count(settings.clients()) + " clients",
                        count(settings.pollInterval().toMillis()));
    }
}
