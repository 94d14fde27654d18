package io.github.postern.release;

import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Each checksum is that of the file beside it. */
final class ChecksumRule implements Rule {
    private static final Map<String, String> ALGORITHMS =
            Map.of(".md5", "MD5", ".sha1", "SHA-1", ".sha256", "SHA-256", ".sha512", "SHA-512");

    @Override
    public List<String> violations(Release release) throws IOException {
        var violations = new ArrayList<String>();
        for (var file : release.files()) {
            var name = file.getFileName().toString();
            var ending = name.substring(Math.max(0, name.lastIndexOf('.')));
            var algorithm = ALGORITHMS.get(ending);
            if (algorithm == null) {
                continue;
            }
            var of = file.resolveSibling(name.substring(0, name.length() - ending.length()));
            if (Files.exists(of) && !Files.readString(file).strip().equals(digest(algorithm, Files.readAllBytes(of)))) {
                violations.add(name + ": is not the checksum of " + of.getFileName());
            }
        }
        return violations;
    }

    static String digest(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has these four
        }
    }
}
