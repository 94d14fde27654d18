package io.github.postern.verify.soak;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** One thing that may happen, with all that it must lead to. */
enum Action {
    ECHO(10, Conversation::echo),
    PIPELINED_ECHO(6, Conversation::pipelined),
    MANY_SENDERS(5, Conversation::manySenders),
    RECEIVE_TIMEOUTS(5, Conversation::receiveTimeouts),
    PINGS(4, Conversation::pings),

    STREAM_OUT(6, Streaming::out),
    STREAM_IN(6, Streaming::in),
    STREAM_IN_HALF(5, Streaming::inHalf),
    STREAM_THROUGH(5, Streaming::through),
    SERVER_HEARS_HALF(8, Streaming::serverHearsHalf),

    CLIENT_CLOSES(6, Ending::clientCloses),
    SERVER_CLOSES(5, Ending::serverCloses),
    BOTH_CLOSE(4, Ending::bothClose),
    HANDLER_RETURNS(3, Ending::handlerReturns),
    HANDLER_THROWS(3, Ending::handlerThrows),
    HANDLER_NEVER_RECEIVES(2, Ending::handlerNeverReceives),
    CLIENT_ABORTS(4, Ending::clientAborts),
    SERVER_ABORTS(4, Ending::serverAborts),
    ENDS_WHILE_SENDING(4, Ending::whileSending),

    CUT(10, Damage::cut),
    GARBLED(5, Damage::garbled),
    RUBBISH_FOR_A_REQUEST(4, Damage::rubbishForRequest),
    RUBBISH_FOR_FRAMES(4, Damage::rubbishForFrames),
    VANISHED_PEER(1, true, Damage::vanished),

    TOO_LONG_FOR_SERVER(3, Excess::tooLongForServer),
    TOO_LONG_FOR_CLIENT(3, Excess::tooLongForClient),
    INFLATES_TOO_MUCH(3, Excess::inflatesTooMuch),

    SLOW_READER(3, Slowness::slowReader),
    SLOW_CONSUMER(5, Slowness::slowConsumer),
    BROADCAST(4, Slowness::broadcast),
    STALLED_READER(1, true, Slowness::stalled),

    RECEIVER_INTERRUPTED(4, Interruption::receiver),
    HANDLER_INTERRUPTED(3, Interruption::handler),
    SENDER_INTERRUPTED(3, Interruption::sender),

    RECONNECTING(4, Reconnecting::untilClosed);

    /** What an action does; it throws whatever is not as it must be. */
    @FunctionalInterface
    private interface Course {
        void run(Visit visit) throws Exception;
    }

    private final int weight;
    private final boolean slow;

    @SuppressWarnings("ImmutableEnumChecker") // a static method
    private final Course course;

    Action(int weight, Course course) {
        this(weight, false, course);
    }

    Action(int weight, boolean slow, Course course) {
        this.weight = weight;
        this.slow = slow;
        this.course = course;
    }

    /** Whether it waits for a timeout, and so should not begin shortly before the end. */
    boolean isSlow() {
        return slow;
    }

    void run(Visit visit) throws Exception {
        course.run(visit);
    }

    static Action any(Random random, boolean slowOnes) {
        var choice = Lists.BY_WEIGHT.get(random.nextInt(Lists.BY_WEIGHT.size()));
        return choice.slow && !slowOnes ? ECHO : choice;
    }

    /** What an enum cannot have as a constant of its own while it is being made. */
    private static final class Lists {
        static final List<Action> BY_WEIGHT = Arrays.stream(values())
                .flatMap(action -> Collections.nCopies(action.weight, action).stream())
                .toList();
    }
}
