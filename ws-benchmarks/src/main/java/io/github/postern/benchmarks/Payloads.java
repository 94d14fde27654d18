package io.github.postern.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Random;

/** What the frames carry: the same at each run. */
public final class Payloads {
    private static final long SEED = 1;
    private static final String BEYOND_ASCII = "Größe, naïve façade, ключ, Ελλάδα, 東京都, 한국어, 🙂; ";

    private Payloads() {}

    public static byte[] binary(int size) {
        var bytes = new byte[size];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }

    /** UTF-8 of that size in bytes. The alphabet is {@code ascii} or {@code beyond}, of characters of one to four bytes. */
    public static byte[] text(int size, String alphabet) {
        return switch (alphabet) {
            case "ascii" -> ascii(size);
            case "beyond" -> beyondAscii(size);
            default -> throw new IllegalArgumentException("no such alphabet: " + alphabet);
        };
    }

    private static byte[] ascii(int size) {
        var random = new Random(SEED);
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) random.nextInt(' ', '~');
        }
        return bytes;
    }

    private static byte[] beyondAscii(int size) {
        var pattern = BEYOND_ASCII.getBytes(UTF_8);
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = pattern[i % pattern.length];
        }
        // A character cut by the end gives way to spaces.
        var end = size;
        while (end > 0 && (bytes[end - 1] & 0xC0) == 0x80) {
            bytes[--end] = ' ';
        }
        if (end > 0 && bytes[end - 1] < 0) {
            bytes[end - 1] = ' ';
        }
        return bytes;
    }
}
