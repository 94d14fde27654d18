package io.github.postern.verify.soak;

import io.github.postern.ws.connection.Message;
import java.nio.ByteBuffer;
import java.util.Random;

/** Messages of many sizes. Their content is random throughout, so that none compresses better than the limits allow. */
final class Payload {
    /** The longest message, in bytes, that either side takes. */
    static final int LONGEST = 1 << 20;

    private static final int[] BOUNDARIES = {
        0, 1, 125, 126, 127, 143, 144, 1023, 1024, 4095, 4096, 16_383, 16_384, 16_385, 32_768, 65_535, 65_536, LONGEST
    };
    private static final String[] CHARACTERS = {"é", "€", "\ud83d\ude00", "ß"};

    private Payload() {}

    /** A size at a boundary, or any, small ones more often. */
    static int size(Random random, int most) {
        int size = random.nextInt(3) == 0
                ? BOUNDARIES[random.nextInt(BOUNDARIES.length)]
                : random.nextInt(1 << random.nextInt(21));
        return Math.min(size, most);
    }

    static Message message(Random random) {
        return message(random, LONGEST);
    }

    static Message message(Random random, int most) {
        int size = size(random, most);
        return random.nextBoolean() ? new Message.Text(text(random, size)) : new Message.Binary(binary(random, size));
    }

    static ByteBuffer binary(Random random, int size) {
        return ByteBuffer.wrap(bytes(random, size));
    }

    static byte[] bytes(Random random, int size) {
        var bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A text that takes so many bytes in UTF-8. */
    static String text(Random random, int size) {
        boolean plain = random.nextBoolean();
        var text = new StringBuilder(size);
        int left = size;
        while (left > 0) {
            int choice = random.nextInt(64);
            if (plain || choice >= CHARACTERS.length || left < 4) {
                text.append((char) (' ' + choice));
                left--;
            } else {
                text.append(CHARACTERS[choice]);
                left -= choice == 2 ? 4 : choice == 1 ? 3 : 2;
            }
        }
        return text.toString();
    }

    /** What to say of a message: its content would tell nothing. */
    static String describe(Message message) {
        return switch (message) {
            case Message.Text text -> "text of " + text.text().length() + " characters";
            case Message.Binary binary -> "binary of " + binary.data().remaining() + " bytes";
        };
    }
}
