package io.github.postern.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate and its key, made by the keytool of the running JDK. */
record TestIdentity(X509Certificate certificate, PrivateKey key) {
    private static final String PASSWORD = "changeit";

    /**
     * Makes one.
     *
     * @param algorithm RSA, EC or Ed25519
     */
    static TestIdentity make(Path folder, String name, String algorithm)
            throws IOException, InterruptedException, GeneralSecurityException {
        var file = folder.resolve(name + "-" + algorithm + ".p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var arguments = List.of(
                keytool,
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD);
        var process = new ProcessBuilder(arguments).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new TestIdentity((X509Certificate) store.getCertificate("own"), (PrivateKey)
                store.getKey("own", PASSWORD.toCharArray()));
    }

    String certificatePem() throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + label + "-----\n";
    }

    /** A context that shows this certificate, and trusts only the others. */
    SSLContext contextTrusting(TestIdentity... others) throws IOException, GeneralSecurityException {
        var own = emptyStore();
        own.setKeyEntry("own", key, PASSWORD.toCharArray(), new X509Certificate[] {certificate});
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusting(others).getTrustManagers(), new SecureRandom());
        return context;
    }

    /** A context without a certificate of its own, that trusts only these. */
    static SSLContext anonymousTrusting(TestIdentity... others) throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, trusting(others).getTrustManagers(), new SecureRandom());
        return context;
    }

    private static TrustManagerFactory trusting(TestIdentity... others) throws IOException, GeneralSecurityException {
        var store = emptyStore();
        for (int i = 0; i < others.length; i++) {
            store.setCertificateEntry("other" + i, others[i].certificate());
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
