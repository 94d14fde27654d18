package io.github.postern.push;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("postern.PushDetached")
@Label("Push Detached")
@Description("What carried a push session does so no more")
@Category({"Postern", "Push"})
@StackTrace(false)
final class DetachedEvent extends Event {
    @Label("Session")
    @Description("The public id of the session")
    String session = "";

    @Label("Transport")
    String transport = "";

    static void commit(PushSession detached, PushTransport transport) {
        var event = new DetachedEvent();
        if (event.isEnabled()) {
            event.session = detached.id();
            event.transport = transport.token();
            event.commit();
        }
    }
}
