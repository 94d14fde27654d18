package io.github.postern.ws.core;

import java.util.Random;

/** Random texts for tests. */
final class Texts {
    /** Where the encoding of a character gets longer, or something is left out. */
    private static final int[] EDGES = {
        0, '?', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000, 0x10FFFF
    };

    private Texts() {}

    /** A text of this many characters, some of them in long runs of ASCII. */
    static String random(Random random, int length) {
        var text = new StringBuilder();
        while (text.codePointCount(0, text.length()) < length) {
            switch (random.nextInt(5)) {
                case 0 -> text.append("plain ASCII, some of it".repeat(random.nextInt(4)));
                case 1 -> text.appendCodePoint(EDGES[random.nextInt(EDGES.length)]);
                case 2 -> text.appendCodePoint(random.nextInt(0xD800));
                case 3 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                default -> text.append((char) random.nextInt(' ', 0x7F));
            }
        }
        return text.toString();
    }
}
