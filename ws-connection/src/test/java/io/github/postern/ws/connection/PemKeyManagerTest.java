package io.github.postern.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

class PemKeyManagerTest {
    private static PemMaterial material(String name) throws GeneralSecurityException {
        var store = TestCertificate.make(name).store();
        return new PemMaterial(List.of((X509Certificate) store.getCertificate(name)), (PrivateKey)
                store.getKey(name, "changeit".toCharArray()));
    }

    @Test
    void a_handshake_that_began_with_a_certificate_gets_its_key() throws Exception {
        var first = material("first");
        var second = material("second");
        var manager = new PemKeyManager(first, () -> {});
        var alias = manager.chooseServerAlias("EC", null, null);
        manager.use(second);
        assertEquals(first.key(), manager.getPrivateKey(String.valueOf(alias)));
        var next = manager.chooseServerAlias("EC", null, null);
        assertEquals(second.key(), manager.getPrivateKey(String.valueOf(next)));
        assertNull(manager.chooseServerAlias("RSA", null, null));
    }

    @Test
    void a_key_is_never_written_out() throws Exception {
        var material = material("first");
        assertEquals("CN=first", material.toString());
        assertFalse(material.toString().contains(material.key().toString()));
    }
}
