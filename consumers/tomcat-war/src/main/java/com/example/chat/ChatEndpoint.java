package com.example.chat;

import io.github.postern.push.PushServlet;
import io.github.postern.push.Topic;
import io.github.postern.ws.connection.Message;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/** A chat at {@code /push}. */
@WebListener
public final class ChatEndpoint implements ServletContextListener {
    private final Topic chat = Topic.of("chat");

    /** The container makes it. */
    public ChatEndpoint() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        var servlet = new PushServlet(session -> {
            chat.subscribe(session);
            for (var message : session) {
                if (message instanceof Message.Text(String text)) {
                    chat.publish(text);
                }
            }
        });
        var registration = event.getServletContext().addServlet("push", servlet);
        registration.addMapping("/push");
        registration.setAsyncSupported(true);
    }
}
