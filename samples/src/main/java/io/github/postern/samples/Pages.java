package io.github.postern.samples;

import java.net.URL;
import java.util.Objects;

/** The folders with the samples' pages, for a server's {@code resources}. */
final class Pages {
    private Pages() {}

    /** The page of a sample. */
    static URL of(String sample) {
        return Objects.requireNonNull(Pages.class.getResource("pages/" + sample + "/"));
    }

    /** The style that the pages share. */
    static URL shared() {
        return of("shared");
    }
}
