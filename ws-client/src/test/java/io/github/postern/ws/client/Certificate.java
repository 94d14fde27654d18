package io.github.postern.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate with its key, made by the JDK's keytool. */
record Certificate(KeyStore store) {
    private static final char[] PASSWORD = "changeit".toCharArray();

    /**
     * Makes a self-signed one.
     *
     * @param folder where to put it, with nothing of that name in it
     * @param alternativeNames such as {@code dns:localhost,ip:127.0.0.1}
     * @param more further arguments of keytool
     */
    static Certificate make(Path folder, String name, String alternativeNames, String... more) throws Exception {
        return new Certificate(keytool(folder.resolve(name + ".p12"), name, alternativeNames, more));
    }

    /** Makes one that is signed by this one, which was made in the same folder and is an authority ({@code -ext bc:c}). */
    Certificate sign(Path folder, String name, String alternativeNames, String... more) throws Exception {
        var signer = store.aliases().nextElement();
        var file = Files.copy(folder.resolve(signer + ".p12"), folder.resolve(name + ".p12"));
        var arguments = new ArrayList<>(List.of("-signer", signer));
        arguments.addAll(List.of(more));
        var both = keytool(file, name, alternativeNames, arguments.toArray(String[]::new));
        both.deleteEntry(signer);
        return new Certificate(both);
    }

    private static KeyStore keytool(Path file, String name, String alternativeNames, String... more) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=" + alternativeNames,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD)));
        command.addAll(List.of(more));
        var keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), output);
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    /** A context that has {@code own}, if any, and trusts {@code trusted}. */
    static SSLContext context(@Nullable Certificate own, Certificate trusted) throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(own == null ? new KeyManager[0] : own.keys(), trusted.trust(), null);
        return context;
    }

    private KeyManager[] keys() throws GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        return keys.getKeyManagers();
    }

    private TrustManager[] trust() throws GeneralSecurityException {
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }
}
