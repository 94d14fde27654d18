package io.github.postern.verify.conformance;

import java.util.HexFormat;

/** Bytes as the RFCs write them: {@code f2 48 cd}. */
final class Hex {
    private static final HexFormat FORMAT = HexFormat.ofDelimiter(" ");

    private Hex() {}

    static byte[] bytes(String hex) {
        return FORMAT.parseHex(hex);
    }

    static String of(byte[] bytes) {
        return FORMAT.formatHex(bytes);
    }
}
