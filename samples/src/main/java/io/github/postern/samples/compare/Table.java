package io.github.postern.samples.compare;

import java.math.BigDecimal;
import java.util.Locale;

/** A result as lines of text, at most 100 columns wide, with what the columns mean. */
final class Table {
    private static final String ROW = "%-13s %9s %6s  %8s %8s %8s  %9s  %10s %8s %7s%n";
    private static final String HEADINGS = ("%58s  %9s  %10s %8s %7s%n"
                    .formatted("latency in milliseconds", "requests/", "server CPU", "server", "connec-")
            + ROW.formatted(
                    "transport", "delivered", "lost", "p50", "p99", "max", "message", "ms/1,000", "heap MiB", "tions"));
    private static final String BYTES_ROW = "%-13s %9s %9s %9s %16s %9s   %9s %9s%n";
    private static final String BYTES_HEADINGS = "bytes per message%n".formatted()
            + BYTES_ROW.formatted(
                    "transport", "payload", "framing", "headers", "acknowledgements", "in all", "down", "up");

    private Table() {}

    static String of(Result result) {
        var table = new StringBuilder(HEADINGS);
        result.measurements().forEach(m -> table.append(row(m)));
        table.append(System.lineSeparator()).append(BYTES_HEADINGS);
        result.measurements().forEach(m -> table.append(bytesRow(m)));
        return table.append(System.lineSeparator()).append(explanation(result)).toString();
    }

    private static String row(Measurement m) {
        var latency = m.latency();
        return ROW.formatted(
                m.name(),
                count(m.delivered()),
                count(m.lost()),
                number(latency.p50(), 2),
                number(latency.p99(), 2),
                number(latency.max(), 2),
                number(m.requestsPerMessage(), 3),
                number(m.cpuMillisPerThousand(), 0),
                number(m.heapMebibytes(), 1),
                count(m.connections()));
    }

    private static String bytesRow(Measurement m) {
        var bytes = m.running().bytes();
        return BYTES_ROW.formatted(
                m.name(),
                perMessage(m, bytes.payload()),
                perMessage(m, bytes.framing()),
                perMessage(m, bytes.headers()),
                perMessage(m, bytes.acknowledgements()),
                perMessage(m, bytes.total()),
                perMessage(m, m.running().down().total()),
                perMessage(m, m.running().up().total()));
    }

    private static String perMessage(Measurement m, long bytes) {
        return number(m.perMessage(bytes), 1);
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A dash for what could not be measured. Rounded as the pages' {@code toFixed}: by the exact value, not by its shortest decimal form. */
    private static String number(double value, int decimals) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,." + decimals + "f", new BigDecimal(value));
    }

    private static String explanation(Result result) {
        var settings = result.settings();
        return """
                delivered, lost   messages that reached a client's application, and those that never did
                latency           from publishing a message on the server to the client's receive(), within 1 %%
                requests/message  HTTP requests; opening the connections is not counted, here and in the bytes
                server CPU, heap  of the process that serves one transport: time for 1,000 messages to one client,
                                  and memory with the clients connected, without garbage
                bytes per message on the sockets, both ways, and then each way (down: from the server)
                All transports carried the same %s messages at the same time, %s ms apart, to %s.
                Plain polling asked every %s ms.
                """.formatted(
                        count(result.published()),
                        count(settings.interval().toMillis()),
                        settings.clients() == 1 ? "one client each" : count(settings.clients()) + " clients each",
                        count(settings.pollInterval().toMillis()));
    }
}
