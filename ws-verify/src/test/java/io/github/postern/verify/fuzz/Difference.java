package io.github.postern.verify.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;

/** In what our decoder and Netty's are known to differ, each with the one situation in which they may. */
enum Difference {
    /** One of the two needs less of a frame than the other to see that it is wrong. */
    STREAM_ENDS_INSIDE_THE_FRAME {
        @Override
        boolean explains(Verdict ours, Verdict theirs, FrameOnWire last) {
            return !last.complete() && (isOpenAndFailed(ours, theirs) || isOpenAndFailed(theirs, ours));
        }
    },

    /** Netty lets any code from 5000 on pass, which §7.4.2 does not define, and goes on to the reason. */
    CLOSE_CODE_OF_5000_OR_MORE {
        @Override
        boolean explains(Verdict ours, Verdict theirs, FrameOnWire last) {
            return ours.end().equals(Verdict.failed(1002))
                    && (theirs.isClosed() || theirs.end().equals(Verdict.failed(1007)))
                    && last.isClose()
                    && (last.payload().getShort(0) & 0xFFFF) >= 5000;
        }
    },

    /** Netty does not look whether the last character of a reason is complete (§5.5.1, §8.1). */
    CLOSE_REASON_ENDS_INSIDE_A_CHARACTER {
        @Override
        boolean explains(Verdict ours, Verdict theirs, FrameOnWire last) {
            return ours.end().equals(Verdict.failed(1007))
                    && theirs.isClosed()
                    && last.isClose()
                    && endsInsideCharacter(
                            last.payload().slice(2, last.payload().limit() - 2));
        }
    },

    /** Netty looks at the payload of a frame before it adds it to its message, we refuse the message by the header. */
    TEXT_IS_TOO_LONG_AND_NOT_UTF8 {
        @Override
        boolean explains(Verdict ours, Verdict theirs, FrameOnWire last) {
            return ours.end().equals(Verdict.failed(1009))
                    && theirs.end().equals(Verdict.failed(1007))
                    && last.opcode() == 0;
        }
    };

    /**
     * Whether this is the reason, given that both received the same events before.
     *
     * @param last the frame that ended the one or the other, or in which the stream ends
     */
    abstract boolean explains(Verdict ours, Verdict theirs, FrameOnWire last);

    private static boolean isOpenAndFailed(Verdict one, Verdict other) {
        return one.isOpen() && other.end().startsWith("failed");
    }

    private static boolean endsInsideCharacter(ByteBuffer text) {
        var copy = text.duplicate();
        var result = UTF_8.newDecoder().decode(copy, CharBuffer.allocate(text.remaining()), false);
        return result.isUnderflow() && copy.hasRemaining();
    }
}
