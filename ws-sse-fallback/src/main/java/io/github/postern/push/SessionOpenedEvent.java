package io.github.postern.push;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("postern.PushSessionOpened")
@Label("Push Session Opened")
@Description("A push session has been opened")
@Category({"Postern", "Push"})
@StackTrace(false)
final class SessionOpenedEvent extends Event {
    @Label("Session")
    @Description("The public id of the session")
    String session = "";

    static void commit(PushSession opened) {
        var event = new SessionOpenedEvent();
        if (event.isEnabled()) {
            event.session = opened.id();
            event.commit();
        }
    }
}
