package io.github.postern.ws.connection;

import java.io.IOException;

/** The connection has ended: there is nothing more to receive, or nothing more can be sent. */
public final class ConnectionClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Not serialized: it may hold a cause that is not serializable. */
    private final transient CloseInfo closeInfo;

    /**
     * Reports the end that {@code closeInfo} describes, with its cause as this exception's cause.
     *
     * @param closeInfo how the connection ended
     */
    public ConnectionClosedException(CloseInfo closeInfo) {
        super(closeInfo.toString(), closeInfo.cause());
        this.closeInfo = closeInfo;
    }

    /** {@return how the connection ended} */
    public CloseInfo closeInfo() {
        return closeInfo;
    }
}
