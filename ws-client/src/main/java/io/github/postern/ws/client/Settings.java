package io.github.postern.ws.client;

import io.github.postern.ws.connection.ConnectionOptions;
import io.github.postern.ws.connection.Transport;
import io.github.postern.ws.core.handshake.ExtensionOffer;
import io.github.postern.ws.core.handshake.Headers;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a client was told, as {@link WebSocketClient.Builder} describes it. At most one of the proxy and the selector
 * is there.
 */
record Settings(
        Headers headers,
        List<String> subprotocols,
        List<ExtensionOffer> extensions,
        Duration connectTimeout,
        ConnectionOptions options,
        Tls tls,
        UnaryOperator<Transport> transport,
        Resolver resolver,
        Duration connectionAttemptDelay,
        @Nullable ProxyServer proxy,
        @Nullable ProxySelector proxySelector,
        Duration proxyTimeout,
        int maxRedirects,
        @Nullable CookieHandler cookieHandler) {}
