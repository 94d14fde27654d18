package io.github.postern.ws.server;

import io.github.postern.ws.core.handshake.HandshakeRequest;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("postern.HandshakeRejected")
@Label("WebSocket Handshake Rejected")
@Description("A socket that did not become a WebSocket")
@Category({"Postern", "WebSocket"})
@StackTrace(false)
final class HandshakeRejectedEvent extends Event {
    @Label("Remote Address")
    String remoteAddress = "";

    @Label("Path")
    @Description("Of the request; empty if none was read")
    String path = "";

    @Label("Status")
    @Description("The status of the answer; 0 if there was none")
    int status;

    @Label("Reason")
    String reason = "";

    static void commit(Rejection rejection) {
        var event = new HandshakeRejectedEvent();
        if (event.isEnabled()) {
            event.remoteAddress = rejection.remoteAddress().toString();
            event.path = rejection.request().map(HandshakeRequest::path).orElse("");
            event.status = rejection.status();
            event.reason = rejection.why();
            event.commit();
        }
    }
}
