package io.github.postern.release;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.crypto.generators.Ed25519KeyPairGenerator;
import org.bouncycastle.crypto.params.Ed25519KeyGenerationParameters;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPair;

/** Makes a key that signs one dry run and is then forgotten; without GnuPG, which not everybody has. */
final class ThrowawayKey {
    /** Ed25519 as GnuPG knows it. */
    private static final int ALGORITHM = PublicKeyAlgorithmTags.EDDSA_LEGACY;

    private ThrowawayKey() {}

    /** Writes the secret key, which has no passphrase, into the first file that it is given, and the public key into the second. */
    public static void main(String[] args) throws IOException, PGPException {
        var ring = make();
        try (var out = armored(Path.of(args[0]))) {
            ring.encode(out);
        }
        try (var out = armored(Path.of(args[1]))) {
            ring.toCertificate().encode(out);
        }
    }

    static PGPSecretKeyRing make() throws PGPException {
        var generator = new Ed25519KeyPairGenerator();
        generator.init(new Ed25519KeyGenerationParameters(new SecureRandom()));
        var pair = new BcPGPKeyPair(
                PublicKeyPacket.VERSION_4, ALGORITHM, generator.generateKeyPair(), Date.from(Instant.now()));
        return new PGPKeyRingGenerator(
                        PGPSignature.POSITIVE_CERTIFICATION,
                        pair,
                        "Postern dry run, trust it with nothing",
                        new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1),
                        null,
                        null,
                        new BcPGPContentSignerBuilder(ALGORITHM, HashAlgorithmTags.SHA512),
                        null)
                .generateSecretKeyRing();
    }

    private static OutputStream armored(Path file) throws IOException {
        return ArmoredOutputStream.builder().build(Files.newOutputStream(file));
    }
}
