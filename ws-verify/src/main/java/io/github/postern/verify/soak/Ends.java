package io.github.postern.verify.soak;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.server.ServerListener;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** How the connections of a server ended, by their paths, of which each has its own. */
final class Ends implements ServerListener {
    private final Map<String, CompletableFuture<CloseInfo>> expected = new ConcurrentHashMap<>();

    CompletableFuture<CloseInfo> expect(String path) {
        return expected.computeIfAbsent(path, unused -> new CompletableFuture<>());
    }

    void forget(String path) {
        expected.remove(path);
    }

    @Override
    public void onClose(WebSocket connection) {
        var end = expected.get(connection.request().path());
        if (end != null) {
            end.complete(connection.closeInfo().orElseThrow());
        }
    }
}
