package io.github.postern.faults;

import java.time.Duration;
import java.util.Map;

/** What a {@link Fault} does. */
sealed interface Effect {
    /** Nothing. */
    record None() implements Effect {}

    /** Ends the connection when so many bytes have passed. */
    record Cut(Direction direction, long bytes, Ending ending) implements Effect {}

    /** Ends the connection so long after the head of the response. */
    record CutLater(Duration after, Ending ending) implements Effect {}

    /** Ends the connection instead of passing the request on. */
    record LoseRequest() implements Effect {}

    /** Ends the connection when the server has answered. */
    record LoseResponse() implements Effect {}

    /** Sends the request another time, before this one or beside it. */
    record Repeat(boolean beside) implements Effect {}

    /** Lets nothing more through, either way, when so many bytes of the response have passed. */
    record HalfOpen(long bytes) implements Effect {}

    /** Lets the head of the response through and nothing of its body. */
    record MuteBody() implements Effect {}

    /** Lets the body of the response through when it is complete. */
    record BufferBody() implements Effect {}

    /** Lets the 101 through and nothing behind it, either way. */
    record MuteFrames() implements Effect {}

    /** Answers in the server's place, which never sees the request. */
    record Answer(int status, Map<String, String> fields) implements Effect {}

    /** Answers in the place of the server, which has seen the request. */
    record AnswerInstead(int status, Duration after) implements Effect {}

    /** Passes the request or the response on later. */
    record Delay(Direction direction, Duration time) implements Effect {}

    /** Passes not more than so many bytes on in a second. */
    record Throttle(Direction direction, long bytesPerSecond) implements Effect {}
}
