package io.github.postern.release;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.bc.BcPGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/** Each signature is one of the file beside it, by the key that lies in the folder. */
final class SignatureRule implements Rule {
    @Override
    public List<String> violations(Release release) throws IOException {
        var key = release.folder().resolve(Release.KEY);
        PGPPublicKeyRingCollection keys;
        try (var in = PGPUtil.getDecoderStream(Files.newInputStream(key))) {
            keys = new BcPGPPublicKeyRingCollection(in);
        } catch (IOException | PGPException e) {
            return List.of(Release.KEY + ": no public key can be read from it: " + e.getMessage());
        }
        var violations = new ArrayList<String>();
        for (var artifact : release.artifacts()) {
            for (var file : artifact.present().toList()) {
                var signature = file.resolveSibling(file.getFileName() + ".asc");
                if (Files.exists(signature)
                        && !isSigned(Files.readAllBytes(file), Files.readAllBytes(signature), keys)) {
                    violations.add(signature.getFileName() + ": is no signature of " + file.getFileName() + " by "
                            + Release.KEY);
                }
            }
        }
        return violations;
    }

    private static boolean isSigned(byte[] signed, byte[] by, PGPPublicKeyRingCollection keys) {
        try (var in = PGPUtil.getDecoderStream(new ByteArrayInputStream(by))) {
            if (!(new BcPGPObjectFactory(in).nextObject() instanceof PGPSignatureList list) || list.isEmpty()) {
                return false;
            }
            var signature = list.get(0);
            var key = keys.getPublicKey(signature.getKeyID());
            if (key == null) {
                return false;
            }
            signature.init(new BcPGPContentVerifierBuilderProvider(), key);
            signature.update(signed);
            return signature.verify();
        } catch (IOException | PGPException e) {
            return false; // it is damaged, since all bytes are there
        }
    }
}
