package io.github.postern.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/**
 * Texts of 1 KiB of JSON that differ from each other, and a client's compressed frames of them. There are twice as many
 * as a window of 32 KiB holds, and the first refers to none before it, so that they can be sent round and round.
 */
public final class DeflatedFrames {
    static final int TEXT_SIZE = 1024;

    private static final int COUNT = 64;
    private static final long SEED = 2;
    private static final String[] SYMBOLS = {"ALPHA", "BRAVO", "CHARLIE", "DELTA", "ECHO", "FOXTROT", "GOLF", "HOTEL"};

    private DeflatedFrames() {}

    public static List<String> texts() {
        var random = new Random(SEED);
        var texts = new ArrayList<String>();
        for (int i = 0; i < COUNT; i++) {
            texts.add(text(random, i));
        }
        return texts;
    }

    /** A batch of prices, filled up with spaces to its size. */
    private static String text(Random random, int number) {
        var end = "]}";
        var prices = new StringJoiner(",");
        var start = "{\"type\":\"prices\",\"sequence\":" + (100_000 + number) + ",\"prices\":[";
        var price = price(random);
        while (start.length() + prices.length() + 1 + price.length() + end.length() <= TEXT_SIZE) {
            prices.add(price);
            price = price(random);
        }
        var json = start + prices + end;
        return json + " ".repeat(TEXT_SIZE - json.length());
    }

    private static String price(Random random) {
        return "{\"symbol\":\"" + SYMBOLS[random.nextInt(SYMBOLS.length)] + "\",\"bid\":"
                + random.nextInt(10_000, 99_999)
                + ",\"ask\":" + random.nextInt(10_000, 99_999) + ",\"volume\":" + random.nextInt(1, 5_000)
                + ",\"open\":" + random.nextBoolean() + "}";
    }

    public static List<byte[]> frames(List<String> texts, boolean contextTakeover) {
        var frames = new ArrayList<byte[]>();
        try (var deflation = new Deflation(contextTakeover)) {
            for (var text : texts) {
                var length = deflation.compress(text.getBytes(UTF_8));
                frames.add(Frames.masked(Frames.TEXT | Frames.RSV1, Arrays.copyOf(deflation.output(), length)));
            }
        }
        return frames;
    }
}
