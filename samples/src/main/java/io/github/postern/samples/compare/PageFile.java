package io.github.postern.samples.compare;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The files of which pages are made: our own, and Chart.js in the jar in which Maven brings it. */
final class PageFile {
    private static final String CHART_SCRIPT = "META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

    private PageFile() {}

    /** The text of one of our files. */
    static String text(String name) throws IOException {
        return text(name, PageFile.class.getResource("page/" + name));
    }

    /** Chart.js. */
    static String chartScript() throws IOException {
        return text(CHART_SCRIPT, ClassLoader.getSystemResource(CHART_SCRIPT));
    }

    private static String text(String name, @Nullable URL file) throws IOException {
        try (var in = found(name, file).openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The directory of our files. */
    static URL directory() throws IOException {
        return parent("index.html", PageFile.class.getResource("page/index.html"));
    }

    /** The directory with {@code chart.umd.min.js}. */
    static URL chartDirectory() throws IOException {
        return parent(CHART_SCRIPT, ClassLoader.getSystemResource(CHART_SCRIPT));
    }

    private static URL parent(String name, @Nullable URL file) throws MalformedURLException, FileNotFoundException {
        var text = found(name, file).toString();
        return URI.create(text.substring(0, text.lastIndexOf('/') + 1)).toURL();
    }

    private static URL found(String name, @Nullable URL file) throws FileNotFoundException {
        if (file == null) {
            throw new FileNotFoundException("missing: " + name);
        }
        return file;
    }
}
