package io.github.postern.benchmarks.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The self-signed certificate of all servers with its key, in a file that the benchmark makes and the other processes read. */
record ServerCertificate(KeyStore store) {
    static final Path FILE = Path.of("target", "servers", "localhost.p12");
    static final String FILE_TYPE = "PKCS12";
    static final String PASSWORD = "changeit";

    /** Makes another one, by the JDK's keytool. */
    static void make() throws IOException, InterruptedException {
        Files.createDirectories(FILE.toAbsolutePath().getParent());
        Files.deleteIfExists(FILE);
        var process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "localhost",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        FILE_TYPE,
                        "-keystore",
                        FILE.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool makes no certificate: " + output);
        }
    }

    static ServerCertificate load() throws IOException {
        try (var in = Files.newInputStream(FILE)) {
            var store = KeyStore.getInstance(FILE_TYPE);
            store.load(in, PASSWORD.toCharArray());
            return new ServerCertificate(store);
        } catch (GeneralSecurityException e) {
            throw new IOException("not what keytool has made: " + FILE, e);
        }
    }

    KeyManagerFactory keys() throws GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        return keys;
    }

    /** A server's, that shows it. */
    SSLContext shown() throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(keys().getKeyManagers(), null, null);
        return context;
    }

    /** A client's, that trusts it alone. */
    SSLContext trusted() throws GeneralSecurityException {
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
