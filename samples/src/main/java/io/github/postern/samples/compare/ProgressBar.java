package io.github.postern.samples.compare;

import java.io.PrintStream;

/** A line on a terminal that shows how far something is. Draws nothing where there is no terminal. */
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 40;
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream terminal;
    private final boolean visible;
    private String drawn = "";

    ProgressBar(PrintStream terminal, boolean visible) {
        this.terminal = terminal;
        this.visible = visible;
    }

    /** A bar on standard error, if the launcher found that to be a terminal. */
    static ProgressBar onStandardError() {
        return new ProgressBar(System.err, Boolean.getBoolean("postern.samples.terminal"));
    }

    /** Shows that {@code done} of {@code all} steps are done. */
    void show(String what, long done, long all) {
        if (!visible) {
            return;
        }
        int full = all == 0 ? WIDTH : (int) (WIDTH * done / all);
        var line = "%-14s [%s%s] %d%%"
                .formatted(what, "#".repeat(full), " ".repeat(WIDTH - full), 100 * done / Math.max(all, 1));
        if (!line.equals(drawn)) {
            terminal.print(ERASE_LINE + line);
            terminal.flush();
            drawn = line;
        }
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        if (visible) {
            terminal.print(ERASE_LINE);
            terminal.flush();
        }
    }
}
