package io.github.postern.ws.connection;

import java.util.Set;
import jdk.jfr.SettingControl;

/** The setting {@code minimumSize} of {@link MessageEvent}: a number of bytes, of which the smallest counts. */
final class MinimumSize extends SettingControl {
    private volatile String value = "0";
    private volatile int bytes;

    /** For JFR, which creates one. */
    public MinimumSize() {}

    int bytes() {
        return bytes;
    }

    @Override
    public String combine(Set<String> settings) {
        int least = settings.stream().mapToInt(MinimumSize::parse).min().orElse(0);
        return Integer.toString(least);
    }

    @Override
    public void setValue(String setting) {
        bytes = parse(setting);
        value = setting;
    }

    @Override
    public String getValue() {
        return value;
    }

    private static int parse(String setting) {
        try {
            return Math.max(0, Integer.parseInt(setting.strip()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
