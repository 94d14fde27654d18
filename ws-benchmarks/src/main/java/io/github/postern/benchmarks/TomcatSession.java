package io.github.postern.benchmarks;

import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.tomcat.websocket.EndpointHolder;
import org.apache.tomcat.websocket.PerMessageDeflate;
import org.apache.tomcat.websocket.Transformation;
import org.apache.tomcat.websocket.WsSession;
import org.apache.tomcat.websocket.WsWebSocketContainer;

/** The session without which Tomcat neither reads nor writes a frame. There is no network behind it. */
final class TomcatSession {
    private TomcatSession() {}

    static WsSession of(TomcatRemote remote, int maxSize) throws DeploymentException {
        var container = new WsWebSocketContainer();
        container.setDefaultMaxBinaryMessageBufferSize(maxSize);
        container.setDefaultMaxTextMessageBufferSize(maxSize);
        var config = ClientEndpointConfig.Builder.create().build();
        return new WsSession(
                new EndpointHolder(new Silent()), remote, container, List.of(), "", Map.of(), false, config);
    }

    /** The extension, on a server, as if negotiated. Its level is the JDK's default, which is 6. */
    static Transformation deflate(boolean contextTakeover) {
        var parameters = new ArrayList<Extension.Parameter>();
        if (!contextTakeover) {
            parameters.add(new Parameter("server_no_context_takeover", ""));
            parameters.add(new Parameter("client_no_context_takeover", ""));
        }
        return PerMessageDeflate.BUILDER.build(List.of(parameters), true);
    }

    private record Parameter(String name, String value) implements Extension.Parameter {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getValue() {
            return value;
        }
    }

    private static final class Silent extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {}
    }
}
