package io.github.postern.push;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("postern.PushAttached")
@Label("Push Attached")
@Description("A transport carries a push session from now on")
@Category({"Postern", "Push"})
@StackTrace(false)
final class AttachedEvent extends Event {
    @Label("Session")
    @Description("The public id of the session")
    String session = "";

    @Label("Transport")
    String transport = "";

    @Label("Resumes")
    @Description("Whether something has carried the session before")
    boolean resumes;

    @Label("Replayed")
    @Description("How many messages are written again")
    int replayed;

    static void commit(PushSession attached, PushTransport transport, boolean resumes, int replayed) {
        var event = new AttachedEvent();
        if (event.isEnabled()) {
            event.session = attached.id();
            event.transport = transport.token();
            event.resumes = resumes;
            event.replayed = replayed;
            event.commit();
        }
    }
}
