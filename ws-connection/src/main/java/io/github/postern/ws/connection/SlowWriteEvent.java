package io.github.postern.ws.connection;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

@Name("postern.SlowWrite")
@Label("WebSocket Slow Write")
@Description("A write that took longer than the threshold, for the peer was slow to read")
@Category({"Postern", "WebSocket"})
@Threshold("100 ms")
@StackTrace(false)
final class SlowWriteEvent extends Event {
    @Label("Connection")
    @Description("Tells the connections of this process apart")
    long connection;

    @Label("Size")
    @DataAmount
    int size;

    static SlowWriteEvent started() {
        var event = new SlowWriteEvent();
        event.begin();
        return event;
    }

    /** Ends the write, and commits it if it was slow. */
    void end(WebSocketConnection of, int bytes) {
        end();
        if (shouldCommit()) {
            connection = of.id();
            size = bytes;
            commit();
        }
    }
}
