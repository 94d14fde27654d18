package io.github.postern.ws.connection;

/**
 * What became of a message that was sent to many.
 *
 * @param sent how many connections took it: it was written, or waits to be
 * @param dropped how many had no room for it, or are closing or closed
 * @param closed how many are closed for it, by {@link SlowConsumer#CLOSE}
 */
public record BroadcastResult(int sent, int dropped, int closed) {}
