package io.github.postern.benchmarks.fanout;

/**
 * What a run has given, and the line that carries it from process to process.
 *
 * @param perCpuSecond deliveries for each second of the server's processor time
 * @param perSecond deliveries for each second
 * @param median from publishing to a delivery, in µs
 * @param p99 the same, that 1 % of the deliveries exceed
 */
record Deliveries(double perCpuSecond, double perSecond, double median, double p99) {
    static Deliveries parse(String line) {
        var numbers = line.split(" ", -1);
        return new Deliveries(
                Double.parseDouble(numbers[0]),
                Double.parseDouble(numbers[1]),
                Double.parseDouble(numbers[2]),
                Double.parseDouble(numbers[3]));
    }

    String line() {
        return perCpuSecond + " " + perSecond + " " + median + " " + p99;
    }
}
