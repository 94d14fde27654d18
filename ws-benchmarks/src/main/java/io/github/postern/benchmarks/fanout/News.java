package io.github.postern.benchmarks.fanout;

/** What is published: a text that ends in a character which occurs in no header, frame or envelope around it. */
final class News {
    static final byte LAST = '^';

    private static final int SIZE = 128;
    private static final String TEXT = "abcdefgh".repeat(SIZE / 8 - 1) + "ijklmno" + (char) LAST;

    private News() {}

    static String text() {
        return TEXT;
    }
}
