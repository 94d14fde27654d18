package io.github.postern.ws.connection;

import io.github.postern.ws.core.Event;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.SettingDefinition;
import jdk.jfr.StackTrace;

@Name("postern.Message")
@Label("WebSocket Message")
@Description("A message, or a part of one that is streamed, that was received or sent")
@Category({"Postern", "WebSocket"})
@Enabled(false)
@StackTrace(false)
final class MessageEvent extends jdk.jfr.Event {
    @Label("Connection")
    @Description("Tells the connections of this process apart")
    long connection;

    @Label("Direction")
    @Description("in or out")
    String direction = "";

    @Label("Text")
    @Description("Whether it is text")
    boolean text;

    @Label("Size")
    @Description("Bytes of a binary message, characters of a text")
    @DataAmount
    int size;

    @SettingDefinition
    @Name("minimumSize")
    @Label("Minimum Size")
    @Description("Messages that are smaller are left out")
    boolean minimumSize(MinimumSize control) {
        return size >= control.bytes();
    }

    static void received(WebSocketConnection connection, Event data) {
        var event = new MessageEvent();
        if (event.isEnabled()) {
            switch (data) {
                case Event.Text text ->
                    event.commit(connection, "in", true, text.text().length());
                case Event.TextPart part ->
                    event.commit(connection, "in", true, part.text().length());
                case Event.Binary binary ->
                    event.commit(connection, "in", false, binary.data().remaining());
                case Event.BinaryPart part ->
                    event.commit(connection, "in", false, part.data().remaining());
                default -> throw new AssertionError(data);
            }
        }
    }

    static void sent(WebSocketConnection connection, boolean text, int size) {
        var event = new MessageEvent();
        if (event.isEnabled()) {
            event.commit(connection, "out", text, size);
        }
    }

    private void commit(WebSocketConnection from, String to, boolean isText, int length) {
        connection = from.id();
        direction = to;
        text = isText;
        size = length;
        commit();
    }
}
