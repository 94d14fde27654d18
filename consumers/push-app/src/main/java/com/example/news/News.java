package com.example.news;

import io.github.postern.push.PushServer;
import io.github.postern.push.Topic;
import io.github.postern.push.TopicOptions;
import io.github.postern.ws.connection.Message;

/** What one visitor says all hear, and those who come later, too: News PORT, where 0 is any free one. */
public final class News {
    private News() {}

    public static void main(String[] arguments) throws Exception {
        var news = Topic.of("news", TopicOptions.defaults().withHistoryMessages(10));
        try (var server = PushServer.builder()
                .port(Integer.parseInt(arguments[0]))
                .resources(News.class.getResource("web/"))
                .path("/push", session -> {
                    news.subscribe(session);
                    for (var message : session) {
                        if (message instanceof Message.Text(String text)) {
                            news.publish(text);
                        }
                    }
                })
                .start()) {
            System.out.println("listening on port " + server.port());
            server.awaitEnd();
        }
    }
}
