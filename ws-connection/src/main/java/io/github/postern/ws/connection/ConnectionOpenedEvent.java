package io.github.postern.ws.connection;

import io.github.postern.ws.core.Role;
import java.util.stream.Collectors;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("postern.ConnectionOpened")
@Label("WebSocket Opened")
@Description("A WebSocket connection has been opened")
@Category({"Postern", "WebSocket"})
@StackTrace(false)
final class ConnectionOpenedEvent extends Event {
    @Label("Connection")
    @Description("Tells the connections of this process apart")
    long connection;

    @Label("Role")
    String role = "";

    @Label("Path")
    String path = "";

    @Label("Remote Address")
    String remoteAddress = "";

    @Label("Subprotocol")
    String subprotocol = "";

    @Label("Extensions")
    String extensions = "";

    static void commit(WebSocketConnection opened, Role role) {
        var event = new ConnectionOpenedEvent();
        if (event.isEnabled()) {
            event.connection = opened.id();
            event.role = role.name();
            event.path = opened.request().path();
            event.remoteAddress = opened.remoteAddress().map(Object::toString).orElse("");
            event.subprotocol = opened.protocol();
            event.extensions =
                    opened.extensions().stream().map(Object::toString).collect(Collectors.joining(", "));
            event.commit();
        }
    }
}
