package io.github.postern.benchmarks;

import java.util.List;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Role;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.HandshakeImpl1Client;

/** Java-WebSocket's protocol object, which reads and writes. */
final class JavaWebSocketDraft {
    private static final int LEVEL = 6;

    private JavaWebSocketDraft() {}

    static Draft_6455 server() {
        var draft = new Draft_6455();
        draft.setParseMode(Role.SERVER);
        return draft;
    }

    static Draft_6455 client() {
        var draft = new Draft_6455();
        draft.setParseMode(Role.CLIENT);
        return draft;
    }

    /** A server that has negotiated permessage-deflate, which takes a handshake. */
    static Draft_6455 deflating(boolean contextTakeover) throws InvalidHandshakeException {
        var extension = new PerMessageDeflateExtension(LEVEL);
        extension.setThreshold(0);
        extension.setServerNoContextTakeover(!contextTakeover);
        extension.setClientNoContextTakeover(!contextTakeover);
        var draft = new Draft_6455(List.of(extension));
        draft.setParseMode(Role.SERVER);
        var request = new HandshakeImpl1Client();
        request.put("Sec-WebSocket-Version", "13");
        request.put("Sec-WebSocket-Extensions", "permessage-deflate");
        draft.acceptHandshakeAsServer(request);
        return draft;
    }
}
