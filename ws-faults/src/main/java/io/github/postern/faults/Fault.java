package io.github.postern.faults;

import java.time.Duration;
import java.util.Map;

/**
 * Something that can go wrong with a request, its response, or the WebSocket that it opens: a value, given to {@link FaultProxy#next}, {@link
 * FaultProxy#every} or {@link FaultProxy#now}.
 *
 * <p>Bytes are those on the wire, heads and chunk sizes included; those of a WebSocket count on behind its handshake. Numbers of bytes are at
 * least 0, times at least zero. Where a fault ends the network connection, it is the client's and the server's.
 */
public final class Fault {
    private static final int FIRST_STATUS = 200;
    private static final int LAST_STATUS = 599;

    private final Effect effect;

    private Fault(Effect effect) {
        this.effect = effect;
    }

    Effect effect() {
        return effect;
    }

    /**
     * Nothing goes wrong: to count requests, and to wait for one. It strikes when the request comes, and leaves the request to other faults.
     *
     * @return the fault, which does no harm
     */
    public static Fault none() {
        return new Fault(new Effect.None());
    }

    /**
     * Closes the connection when so many bytes of the response have passed.
     *
     * @param afterBytes how many bytes pass before; not negative
     * @return the fault
     * @throws IllegalArgumentException if the number is negative
     */
    public static Fault cutResponse(long afterBytes) {
        return new Fault(new Effect.Cut(Direction.DOWN, checkBytes(afterBytes), Ending.CLOSE));
    }

    /**
     * Resets the connection when so many bytes of the response have passed; a reset may overtake what was sent before it.
     *
     * @param afterBytes how many bytes pass before; not negative
     * @return the fault
     * @throws IllegalArgumentException if the number is negative
     */
    public static Fault resetResponse(long afterBytes) {
        return new Fault(new Effect.Cut(Direction.DOWN, checkBytes(afterBytes), Ending.RESET));
    }

    /**
     * Closes the connection when so many bytes of the request have passed.
     *
     * @param afterBytes how many bytes pass before; not negative
     * @return the fault
     * @throws IllegalArgumentException if the number is negative
     */
    public static Fault cutRequest(long afterBytes) {
        return new Fault(new Effect.Cut(Direction.UP, checkBytes(afterBytes), Ending.CLOSE));
    }

    /**
     * Resets the connection when so many bytes of the request have passed; a reset may overtake what was sent before it.
     *
     * @param afterBytes how many bytes pass before; not negative
     * @return the fault
     * @throws IllegalArgumentException if the number is negative
     */
    public static Fault resetRequest(long afterBytes) {
        return new Fault(new Effect.Cut(Direction.UP, checkBytes(afterBytes), Ending.RESET));
    }

    /**
     * Closes the connection so long after the head of the response, the 101 of an upgrade for instance, has passed. Strikes even if the response is
     * complete by then.
     *
     * @param time how long; not negative
     * @return the fault
     * @throws IllegalArgumentException if the time is negative
     */
    public static Fault cutAfter(Duration time) {
        return new Fault(new Effect.CutLater(checkTime(time), Ending.CLOSE));
    }

    /**
     * Resets the connection so long after the head of the response has passed.
     *
     * @param time how long; not negative
     * @return the fault
     * @throws IllegalArgumentException if the time is negative
     */
    public static Fault resetAfter(Duration time) {
        return new Fault(new Effect.CutLater(checkTime(time), Ending.RESET));
    }

    /**
     * Closes the connection instead of passing the request on.
     *
     * @return the fault
     */
    public static Fault loseRequest() {
        return new Fault(new Effect.LoseRequest());
    }

    /**
     * Passes the request on, waits for the end of the response, and closes the connection without having passed any of it. That of an upgrade ends
     * with the head of the 101: the server has opened a WebSocket, and the client does not learn of it.
     *
     * @return the fault
     */
    public static Fault loseResponse() {
        return new Fault(new Effect.LoseResponse());
    }

    /**
     * Sends the request twice, the second time when the first has been answered completely; the client gets the second answer. For requests whose responses
     * end; an upgrade is let pass. Strikes when the first answer is complete. Holds the request back until it is complete, up to 16 MiB: a longer one is cut.
     *
     * @return the fault
     */
    public static Fault duplicate() {
        return new Fault(new Effect.Repeat(false));
    }

    /**
     * Sends the request twice at the same time, over two connections; the answer to the copy is dropped. An upgrade is let pass. Strikes when the copy
     * has been sent. Holds the request back until it is complete, up to 16 MiB: a longer one is cut.
     *
     * @return the fault
     */
    public static Fault overlap() {
        return new Fault(new Effect.Repeat(true));
    }

    /**
     * Passes the request on, and so many bytes of the response; then nothing passes any more either way, though both connections stay open: neither peer
     * learns of the other's end.
     *
     * @param afterBytes how many bytes pass before; not negative
     * @return the fault
     * @throws IllegalArgumentException if the number is negative
     */
    public static Fault halfOpen(long afterBytes) {
        return new Fault(new Effect.HalfOpen(checkBytes(afterBytes)));
    }

    /**
     * Passes the head of the response and nothing of its body, nor its end. An upgrade is let pass: see {@link #muteFrames}.
     *
     * @return the fault
     */
    public static Fault muteBody() {
        return new Fault(new Effect.MuteBody());
    }

    /**
     * Holds the body of the response back until it is complete, as a buffering proxy does; the head passes. An upgrade is let pass. Up to 16 MiB: a longer
     * response is cut.
     *
     * @return the fault
     */
    public static Fault bufferBody() {
        return new Fault(new Effect.BufferBody());
    }

    /**
     * Lets an upgrade through, and then no byte either way, though the connection stays open. Any other request is let pass.
     *
     * @return the fault
     */
    public static Fault muteFrames() {
        return new Fault(new Effect.MuteFrames());
    }

    /**
     * Answers in the place of the server, which does not see the request. The connection stays open.
     *
     * @param status 200 to 599
     * @return the fault
     * @throws IllegalArgumentException if the status is out of range
     */
    public static Fault answer(int status) {
        return answer(status, Map.of());
    }

    /**
     * Answers in the place of the server, with header fields, for instance {@code Retry-After}.
     *
     * @param status 200 to 599
     * @param fields header fields by their names
     * @return the fault
     * @throws IllegalArgumentException if the status is out of range, or a field holds a line break
     */
    public static Fault answer(int status, Map<String, String> fields) {
        fields.forEach((name, value) -> {
            if ((name + value).chars().anyMatch(c -> c == '\r' || c == '\n')) {
                throw new IllegalArgumentException("line break in a header field: " + name);
            }
        });
        return new Fault(new Effect.Answer(checkStatus(status), Map.copyOf(fields)));
    }

    /**
     * Passes the request on and so long afterwards answers in the place of the server, as a gateway does that has lost patience or its server; whatever
     * the server answers, before or later, is dropped. Both connections are closed then.
     *
     * @param status 200 to 599
     * @param after how long after the request was passed on; not negative
     * @return the fault
     * @throws IllegalArgumentException if the status is out of range or the time negative
     */
    public static Fault answerInstead(int status, Duration after) {
        return new Fault(new Effect.AnswerInstead(checkStatus(status), checkTime(after)));
    }

    /**
     * Passes the request on so much later.
     *
     * @param time how long; not negative
     * @return the fault
     * @throws IllegalArgumentException if the time is negative
     */
    public static Fault delayRequest(Duration time) {
        return new Fault(new Effect.Delay(Direction.UP, checkTime(time)));
    }

    /**
     * Passes the response on so long after its head has come from the server.
     *
     * @param time how long; not negative
     * @return the fault
     * @throws IllegalArgumentException if the time is negative
     */
    public static Fault delayResponse(Duration time) {
        return new Fault(new Effect.Delay(Direction.DOWN, checkTime(time)));
    }

    /**
     * Passes not more of the request, or of what a WebSocket's client sends, than so many bytes in a second.
     *
     * @param bytesPerSecond at least 1
     * @return the fault
     * @throws IllegalArgumentException if the number is below 1
     */
    public static Fault throttleRequest(long bytesPerSecond) {
        return new Fault(new Effect.Throttle(Direction.UP, checkRate(bytesPerSecond)));
    }

    /**
     * Passes not more of the response, or of what a WebSocket's server sends, than so many bytes in a second.
     *
     * @param bytesPerSecond at least 1
     * @return the fault
     * @throws IllegalArgumentException if the number is below 1
     */
    public static Fault throttleResponse(long bytesPerSecond) {
        return new Fault(new Effect.Throttle(Direction.DOWN, checkRate(bytesPerSecond)));
    }

    private static long checkBytes(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative number of bytes: " + value);
        }
        return value;
    }

    private static long checkRate(long value) {
        if (value < 1) {
            throw new IllegalArgumentException("bytes per second out of range: " + value);
        }
        return value;
    }

    private static Duration checkTime(Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("negative time: " + value);
        }
        return value;
    }

    private static int checkStatus(int value) {
        if (value < FIRST_STATUS || value > LAST_STATUS) {
            throw new IllegalArgumentException("status out of range: " + value);
        }
        return value;
    }

    /** Whether it can strike such a request at all. */
    boolean concerns(Request request) {
        return switch (effect) {
            case Effect.Repeat e -> request.isHttp() && !request.isUpgrade();
            case Effect.BufferBody e -> request.isHttp() && !request.isUpgrade();
            case Effect.MuteBody e -> request.isHttp() && !request.isUpgrade();
            case Effect.MuteFrames e -> request.isUpgrade();
            case Effect.Answer e -> request.isHttp();
            case Effect.AnswerInstead e -> request.isHttp();
            case Effect.CutLater e -> request.isHttp();
            case Effect.Delay e -> request.isHttp();
            case Effect.LoseResponse e -> request.isHttp();
            case Effect.None e -> true;
            case Effect.Cut e -> true;
            case Effect.LoseRequest e -> true;
            case Effect.HalfOpen e -> true;
            case Effect.Throttle e -> true;
        };
    }

    /** Whether it can strike what is under way already. */
    boolean canStrikeNow() {
        return switch (effect) {
            case Effect.Cut e -> true;
            case Effect.CutLater e -> true;
            case Effect.HalfOpen e -> true;
            case Effect.MuteBody e -> true;
            case Effect.MuteFrames e -> true;
            case Effect.Throttle e -> true;
            case Effect.None e -> false;
            case Effect.LoseRequest e -> false;
            case Effect.LoseResponse e -> false;
            case Effect.Repeat e -> false;
            case Effect.BufferBody e -> false;
            case Effect.Answer e -> false;
            case Effect.AnswerInstead e -> false;
            case Effect.Delay e -> false;
        };
    }

    @Override
    public String toString() {
        return effect.toString();
    }
}
