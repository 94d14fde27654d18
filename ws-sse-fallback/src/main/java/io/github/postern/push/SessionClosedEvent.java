package io.github.postern.push;

import io.github.postern.ws.connection.CloseInfo;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("postern.PushSessionClosed")
@Label("Push Session Closed")
@Description("A push session is over for both sides")
@Category({"Postern", "Push"})
@StackTrace(false)
final class SessionClosedEvent extends Event {
    @Label("Session")
    @Description("The public id of the session")
    String session = "";

    @Label("Code")
    @Description("The close code, also those of the protocol: 4408 for expired, 4507 for overflow")
    int code;

    @Label("Initiator")
    @Description("Who began to end it: LOCAL, REMOTE or NETWORK")
    String initiator = "";

    static void commit(PushSession closed, CloseInfo info) {
        var event = new SessionClosedEvent();
        if (event.isEnabled()) {
            event.session = closed.id();
            event.code = info.status().code();
            event.initiator = info.initiator().name();
            event.commit();
        }
    }
}
