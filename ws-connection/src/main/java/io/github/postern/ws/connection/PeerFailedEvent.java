package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("postern.PeerFailed")
@Label("WebSocket Peer Failed")
@Description("A connection is being closed because its peer broke a rule or reached a limit")
@Category({"Postern", "WebSocket"})
@StackTrace(false)
final class PeerFailedEvent extends Event {
    @Label("Connection")
    @Description("Tells the connections of this process apart")
    long connection;

    @Label("Code")
    @Description("The code of the Close frame that tells the peer")
    int code;

    @Label("Detail")
    @Description("Which rule or limit")
    String detail = "";

    static void commit(WebSocketConnection of, CloseStatus status, String why) {
        var event = new PeerFailedEvent();
        if (event.isEnabled()) {
            event.connection = of.id();
            event.code = status.code();
            event.detail = why;
            event.commit();
        }
    }
}
