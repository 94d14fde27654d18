package io.github.postern.ws.connection;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives TLS the latest certificate and key. The alias names the generation, so that a handshake that began with one certificate gets that one's key, even
 * if there is a new one by then.
 */
final class PemKeyManager extends X509ExtendedKeyManager {
    private final Runnable beforeChoice;
    private volatile Generations generations;

    /** The latest material and the one before, for handshakes that are under way. */
    private record Generations(long number, PemMaterial latest, PemMaterial before) {}

    PemKeyManager(PemMaterial first, Runnable beforeChoice) {
        this.generations = new Generations(0, first, first);
        this.beforeChoice = beforeChoice;
    }

    /** Uses other material from now on. One thread at a time. */
    void use(PemMaterial next) {
        var now = generations;
        generations = new Generations(now.number() + 1, next, now.latest());
    }

    private @Nullable String choose(String keyType) {
        beforeChoice.run();
        var now = generations;
        return now.latest().key().getAlgorithm().equals(keyType) ? Long.toString(now.number()) : null;
    }

    private @Nullable PemMaterial material(String alias) {
        var now = generations;
        if (alias.equals(Long.toString(now.number()))) {
            return now.latest();
        }
        return alias.equals(Long.toString(now.number() - 1)) ? now.before() : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        var material = material(alias);
        return material == null ? null : material.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        var material = material(alias);
        return material == null ? null : material.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        var alias = choose(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // for servers only
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
