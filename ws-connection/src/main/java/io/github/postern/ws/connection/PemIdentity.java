package io.github.postern.ws.connection;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * A server's certificate and private key from PEM files, which are read again when they change: a renewed certificate is used for the
 * next connection, without a restart, and connections that are open are not affected. For any thread.
 */
public final class PemIdentity {
    private static final System.Logger LOG = System.getLogger(PemIdentity.class.getName());
    private static final Duration RECHECK = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Path chainFile;
    private final Path keyFile;
    private final Duration recheck;
    private final PemKeyManager keys;
    private final SSLContext context;
    private final AtomicLong nextCheck = new AtomicLong();
    private final ReentrantLock reloading = new ReentrantLock();

    /** Both files as they were when they were read last, successfully or not. Guarded by reloading. */
    private List<Stamp> seen;

    /** What tells one state of a file from another without reading it. */
    private record Stamp(long modified, long size) {
        static Stamp of(Path file) throws IOException {
            try {
                var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS), attributes.size());
            } catch (NoSuchFileException e) {
                throw new IOException(file + " does not exist", e);
            }
        }
    }

    private PemIdentity(Path chainFile, Path keyFile, Duration recheck) throws IOException {
        this.chainFile = chainFile;
        this.keyFile = keyFile;
        this.recheck = recheck;
        this.seen = stamps(); // before reading, so that a change meanwhile is noticed later
        this.keys = new PemKeyManager(PemMaterial.read(chainFile, keyFile), this::recheck);
        this.context = context(keys);
        this.nextCheck.set(System.nanoTime() + recheck.toNanos());
    }

    private static SSLContext context(KeyManager keys) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("this JDK has no TLS: " + e.getMessage(), e);
        }
    }

    /**
     * {@link #load(Path, Path, Duration)} that looks for changes at most every 60 s.
     *
     * @param chain as for {@link #load(Path, Path, Duration)}
     * @param key as for {@link #load(Path, Path, Duration)}
     * @return the certificate and its key
     * @throws IOException as {@link #load(Path, Path, Duration)}
     */
    public static PemIdentity load(Path chain, Path key) throws IOException {
        return load(chain, key, RECHECK);
    }

    /**
     * Reads certificate and key.
     *
     * @param chain a PEM file with the certificate and those that lead from it to a root, in this order
     * @param key a PEM file with the certificate's private key, as PKCS#8 without encryption ({@code BEGIN PRIVATE KEY}): RSA, EC, or Ed25519; may be the
     *     same file
     * @param recheck how often to look, at most, whether the files have changed, which happens during a handshake; zero never looks, and leaves it to
     *     {@link #reload}; at most 365 days
     * @return the certificate and its key
     * @throws IllegalArgumentException if {@code recheck} is out of range
     * @throws IOException if a file cannot be read, does not hold what it should, or the key is not that of the certificate; the message names the file and
     *     what to do
     */
    public static PemIdentity load(Path chain, Path key, Duration recheck) throws IOException {
        if (recheck.isNegative() || recheck.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("recheck out of range: " + recheck);
        }
        return new PemIdentity(chain, key, recheck);
    }

    /**
     * Reads the files again, whether or not they seem to have changed. Blocks for reading them.
     *
     * @throws IOException as {@link #load(Path, Path)}; the certificate and key from before then stay in use
     */
    public void reload() throws IOException {
        reloading.lock();
        try {
            seen = stamps();
            keys.use(PemMaterial.read(chainFile, keyFile));
        } finally {
            reloading.unlock();
        }
    }

    /** {@return a context with this certificate and key, always the latest, and with the JDK's trust in others; always the same one} */
    public SSLContext sslContext() {
        return context;
    }

    /** Looks whether the files have changed, if it is time to. Called in each handshake; one of them looks, the others go on. */
    private void recheck() {
        long due = nextCheck.get();
        long now = System.nanoTime();
        if (!recheck.isZero() && now - due >= 0 && nextCheck.compareAndSet(due, now + recheck.toNanos())) {
            try {
                if (hasChanged()) {
                    reload();
                    LOG.log(Level.INFO, "loaded the new certificate of {0}", chainFile);
                }
            } catch (IOException e) {
                LOG.log(Level.WARNING, "a changed certificate is not used, the one from before stays", e);
            }
        }
    }

    private boolean hasChanged() throws IOException {
        reloading.lock();
        try {
            return !stamps().equals(seen);
        } finally {
            reloading.unlock();
        }
    }

    private List<Stamp> stamps() throws IOException {
        return List.of(Stamp.of(chainFile), Stamp.of(keyFile));
    }

    @Override
    public String toString() {
        return chainFile.toString();
    }
}
