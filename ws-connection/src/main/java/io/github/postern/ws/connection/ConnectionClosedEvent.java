package io.github.postern.ws.connection;

import io.github.postern.ws.core.CloseStatus;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("postern.ConnectionClosed")
@Label("WebSocket Closed")
@Description("A WebSocket connection has ended")
@Category({"Postern", "WebSocket"})
@StackTrace(false)
final class ConnectionClosedEvent extends Event {
    @Label("Connection")
    @Description("Tells the connections of this process apart")
    long connection;

    @Label("Initiator")
    @Description("Who began to end it: LOCAL, REMOTE or NETWORK")
    String initiator = "";

    @Label("Sent Code")
    @Description("The code of the Close frame that was sent; -1 if none was")
    int sentCode;

    @Label("Received Code")
    @Description("The code of the Close frame that was received; -1 if none was")
    int receivedCode;

    @Label("Cause")
    @Description("What broke the connection, if anything did")
    String cause = "";

    @Label("Messages Received")
    long messagesReceived;

    @Label("Messages Sent")
    long messagesSent;

    @Label("Bytes Received")
    @DataAmount
    long bytesReceived;

    @Label("Bytes Sent")
    @DataAmount
    long bytesSent;

    static void commit(WebSocketConnection closed, CloseInfo info) {
        var event = new ConnectionClosedEvent();
        if (event.isEnabled()) {
            event.connection = closed.id();
            event.initiator = info.initiator().name();
            event.sentCode = code(info.sent());
            event.receivedCode = code(info.received());
            event.cause = info.failure().map(Throwable::toString).orElse("");
            event.messagesReceived = closed.reading().messages();
            event.messagesSent = closed.sending().messages();
            event.bytesReceived = closed.reading().bytes();
            event.bytesSent = closed.sending().bytes();
            event.commit();
        }
    }

    private static int code(@Nullable CloseStatus status) {
        return status == null ? -1 : status.code();
    }
}
