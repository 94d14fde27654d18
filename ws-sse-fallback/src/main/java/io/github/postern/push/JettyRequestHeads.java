package io.github.postern.push;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Tells each network connection when a request's head has been read, and when its request is over. A connection with HTTP/2 hears of heads alone: after the first
 * its streams come as they like. Requests that Jetty answers by itself, since they are malformed, do not come here, and so do not end the waiting.
 */
final class JettyRequestHeads extends Handler.Wrapper {
    JettyRequestHeads(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var connection = request.getConnectionMetaData();
        if (socket(connection.getConnection().getEndPoint()) instanceof JettyEndPoint socket) {
            socket.headReceived();
            if (connection.getHttpVersion().getVersion() < HttpVersion.HTTP_2.getVersion()) {
                request.addHttpStreamWrapper(stream -> new Exchange(stream, request, socket));
            }
        }
        return super.handle(request, response, callback);
    }

    private static EndPoint socket(EndPoint endPoint) {
        var inner = endPoint;
        while (inner instanceof EndPoint.Wrapper tls) {
            inner = tls.unwrap();
        }
        return inner;
    }

    /** One request and its response. */
    private static final class Exchange extends HttpStream.Wrapper {
        private final Request request;
        private final JettyEndPoint socket;

        Exchange(HttpStream stream, Request request, JettyEndPoint socket) {
            super(stream);
            this.request = request;
            this.socket = socket;
        }

        /** The last thing before Jetty reads on. */
        @Override
        public void succeeded() {
            if (request.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE) == null) {
                socket.requestEnded();
            }
            super.succeeded();
        }
    }
}
