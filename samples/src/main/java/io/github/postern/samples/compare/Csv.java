package io.github.postern.samples.compare;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The measurements of a result as comma-separated values (RFC 4180), a line for each transport. A number that could not be measured is left out. */
final class Csv {
    private static final String END = "\r\n";
    private static final String HEADINGS = "transport,expected,delivered,lost,disordered,latency p50 ms,latency p99 ms,"
            + "latency max ms,bytes down/message,bytes up/message,payload bytes/message,framing bytes/message,"
            + "header bytes/message,acknowledgement bytes/message,requests,requests/message,server CPU ms/1000 messages,"
            + "server heap MiB,connections" + END;

    private Csv() {}

    static String text(Result result) {
        return result.measurements().stream().map(Csv::line).collect(Collectors.joining(END, HEADINGS, END));
    }

    private static String line(Measurement m) {
        var latency = m.latency();
        var bytes = m.running().bytes();
        return Stream.of(
                        m.name(),
                        m.expected(),
                        m.delivered(),
                        m.lost(),
                        m.disordered(),
                        number(latency.p50()),
                        number(latency.p99()),
                        number(latency.max()),
                        number(m.perMessage(m.running().down().total())),
                        number(m.perMessage(m.running().up().total())),
                        number(m.perMessage(bytes.payload())),
                        number(m.perMessage(bytes.framing())),
                        number(m.perMessage(bytes.headers())),
                        number(m.perMessage(bytes.acknowledgements())),
                        m.running().requests(),
                        number(m.requestsPerMessage()),
                        number(m.cpuMillisPerThousand()),
                        number(m.heapMebibytes()),
                        m.connections())
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.3f", value);
    }
}
