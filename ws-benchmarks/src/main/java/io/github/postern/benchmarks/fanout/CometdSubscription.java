package io.github.postern.benchmarks.fanout;

import java.io.IOException;
import java.util.regex.Pattern;

/** CometD's client over a WebSocket: it shakes hands, subscribes, and leaves one connect with the server. */
final class CometdSubscription implements Subscription {
    private static final Pattern CLIENT = Pattern.compile("\"clientId\":\"([^\"]+)\"");

    @Override
    public void open(Wire wire, int port) throws IOException {
        wire.upgrade(port, CometdChannel.PATH);
        wire.sendText(
                "[{\"id\":\"1\",\"channel\":\"/meta/handshake\",\"version\":\"1.0\",\"supportedConnectionTypes\":[\"websocket\"]}]");
        var client = CLIENT.matcher(wire.await("\"clientId\":\"", "\"", "}]"));
        if (!client.find()) {
            throw new IOException("no client id");
        }
        var id = "\"clientId\":\"" + client.group(1) + "\"";
        wire.sendText("[{\"id\":\"2\",\"channel\":\"/meta/subscribe\",\"subscription\":\"" + CometdChannel.CHANNEL
                + "\"," + id + "}]");
        wire.await("\"/meta/subscribe\"", "}]");
        wire.sendText("[{\"id\":\"3\",\"channel\":\"/meta/connect\",\"connectionType\":\"websocket\","
                + "\"advice\":{\"timeout\":0}," + id + "}]");
        wire.await("\"/meta/connect\"", "}]");
        wire.sendText("[{\"id\":\"4\",\"channel\":\"/meta/connect\",\"connectionType\":\"websocket\"," + id + "}]");
    }
}
