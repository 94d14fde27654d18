package io.github.postern.ws.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.util.List;

/** Gets a TCP stream to a target: directly, or through a proxy. */
final class Connector {
    private final Settings settings;
    private final OpenSockets sockets;
    private final Dialer dialer;

    Connector(Settings settings, OpenSockets sockets) {
        this.settings = settings;
        this.sockets = sockets;
        this.dialer = new Dialer(sockets, settings.resolver(), settings.connectionAttemptDelay());
    }

    Socket connect(Target target) throws IOException, InterruptedException {
        var proxy = settings.proxy();
        if (proxy != null) {
            return tunnel(proxy, dialer.dial(proxy.host(), proxy.port()), target);
        }
        var selector = settings.proxySelector();
        return selector == null ? direct(target) : selected(selector, target);
    }

    private Socket direct(Target target) throws IOException, InterruptedException {
        return dialer.dial(target.host(), target.port());
    }

    /** The first of the selector's choices that can be reached; what a proxy that was reached answers, counts. */
    private Socket selected(ProxySelector selector, Target target) throws IOException, InterruptedException {
        var uri = target.httpUri();
        IOException failure = new ConnectException("the proxy selector gives no way to " + uri);
        for (var choice : choices(selector.select(uri))) {
            if (choice.type() == Proxy.Type.DIRECT) {
                return direct(target);
            }
            var proxy = ProxyServer.of(choice);
            Socket socket;
            try {
                socket = dialer.dial(proxy.host(), proxy.port());
            } catch (IOException e) {
                selector.connectFailed(uri, choice.address(), e);
                failure = e;
                continue;
            }
            return tunnel(proxy, socket, target);
        }
        throw failure;
    }

    private static List<Proxy> choices(List<Proxy> selected) {
        return selected.isEmpty() ? List.of(Proxy.NO_PROXY) : selected;
    }

    private Socket tunnel(ProxyServer proxy, Socket socket, Target target) throws IOException, InterruptedException {
        return switch (proxy.kind()) {
            case HTTP ->
                new HttpTunnel(proxy, target, settings.proxyTimeout()).open(socket, () -> {
                    sockets.close(socket);
                    return dialer.dial(proxy.host(), proxy.port());
                });
            case SOCKS5 -> {
                new SocksTunnel(proxy, target, socket, settings.proxyTimeout()).open();
                yield socket;
            }
        };
    }
}
