package io.github.postern.ws.connection;

import java.io.IOException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** The handshake with which TLS begins (RFC 8446 §2): what the engine asks for, in turn, until it asks for nothing. For one thread. */
final class TlsHandshake {
    private final SSLEngine engine;
    private final TlsInput input;
    private final TlsOutput output;

    TlsHandshake(SSLEngine engine, TlsInput input, TlsOutput output) {
        this.engine = engine;
        this.input = input;
        this.output = output;
    }

    void run() throws IOException {
        try {
            advance();
        } catch (SSLException e) {
            tellWhy(e);
            throw e;
        } catch (RuntimeException e) { // of a trust or key manager, perhaps over something the peer sent
            var failure = new SSLHandshakeException("the TLS handshake failed: " + e);
            failure.initCause(e);
            tellWhy(failure);
            throw failure;
        } finally {
            input.release();
        }
    }

    private void advance() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> checkOpen(output.wrapNothing());
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    output.flush();
                    checkOpen(input.takeHandshakeRecord());
                }
                case NOT_HANDSHAKING, FINISHED -> {
                    output.flush();
                    return;
                }
            }
        }
    }

    private void runTasks() {
        for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private static void checkOpen(SSLEngineResult result) throws SSLException {
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new SSLHandshakeException("the peer ended TLS within the handshake");
        }
    }

    /** Whoever bounds the handshake bounds this too. */
    private void tellWhy(SSLException failure) {
        engine.closeOutbound();
        try {
            output.finish();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
