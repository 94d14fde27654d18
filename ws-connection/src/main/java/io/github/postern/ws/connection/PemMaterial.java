package io.github.postern.ws.connection;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A certificate with its chain and private key, as two PEM files hold them (RFC 7468).
 *
 * @param chain the certificate, and those that lead from it to a root
 * @param key the certificate's private key
 */
record PemMaterial(List<X509Certificate> chain, PrivateKey key) {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PKCS_8 = "PRIVATE KEY";
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

    /** One block of a PEM file. */
    private record Block(String label, String base64) {}

    static PemMaterial read(Path chainFile, Path keyFile) throws IOException {
        var chain = chain(chainFile);
        var key = key(keyFile, chain.getFirst().getPublicKey());
        if (!belongs(key, chain.getFirst().getPublicKey())) {
            throw new IOException(keyFile + " does not hold the private key of the certificate in " + chainFile);
        }
        return new PemMaterial(chain, key);
    }

    private static List<X509Certificate> chain(Path file) throws IOException {
        var chain = new ArrayList<X509Certificate>();
        for (var block : blocks(file)) {
            if (block.label().equals(CERTIFICATE)) {
                chain.add(certificate(block, file));
            }
        }
        if (chain.isEmpty()) {
            throw new IOException(file + " holds no certificate (BEGIN CERTIFICATE)");
        }
        return List.copyOf(chain);
    }

    private static X509Certificate certificate(Block block, Path file) throws IOException {
        try {
            var encoded = new ByteArrayInputStream(decode(block, file));
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(encoded);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds a certificate that cannot be read: " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path file, PublicKey publicKey) throws IOException {
        var block = blocks(file).stream()
                .filter(b -> b.label().endsWith(PKCS_8))
                .findFirst()
                .orElseThrow(() -> new IOException(file + " holds no private key (BEGIN PRIVATE KEY)"));
        if (block.label().startsWith("ENCRYPTED")) {
            throw new IOException(file + " holds an encrypted key; decrypt it: openssl pkcs8 -in KEY -out NEW");
        }
        if (!block.label().equals(PKCS_8)) {
            throw new IOException(file + " holds an " + block.label() + ", which is not PKCS#8; convert it: "
                    + "openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW");
        }
        var algorithm = publicKey.getAlgorithm();
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(decode(block, file)));
        } catch (GeneralSecurityException e) {
            // without the cause's message, which could tell of the key
            throw new IOException(file + " holds no " + algorithm + " key, as the certificate's is, or a broken one");
        }
    }

    /** Whether the two are a pair: what one signs, the other must recognise. */
    private static boolean belongs(PrivateKey key, PublicKey publicKey) throws IOException {
        var algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update((byte) 1);
            var signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update((byte) 1);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // an EC key of another curve fails here
        }
    }

    private static List<Block> blocks(Path file) throws IOException {
        var text = Files.readString(file, StandardCharsets.ISO_8859_1); // comments may be in any encoding
        var blocks = new ArrayList<Block>();
        var begin = BEGIN.matcher(text);
        int from = 0;
        while (begin.find(from)) {
            var label = begin.group(1);
            int end = text.indexOf("-----END " + label + "-----", begin.end());
            if (end < 0) {
                throw new IOException(file + " ends within a " + label);
            }
            blocks.add(new Block(label, text.substring(begin.end(), end)));
            from = end;
        }
        return blocks;
    }

    private static byte[] decode(Block block, Path file) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(block.base64());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds a " + block.label() + " that is not Base64");
        }
    }

    /** Never the key. */
    @Override
    public String toString() {
        Principal subject = chain.getFirst().getSubjectX500Principal();
        return subject.getName();
    }
}
