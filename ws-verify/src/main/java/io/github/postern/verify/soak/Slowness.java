package io.github.postern.verify.soak;

import io.github.postern.ws.connection.CloseInfo;
import io.github.postern.ws.connection.ConnectionClosedException;
import io.github.postern.ws.connection.Message;
import io.github.postern.ws.connection.SlowConsumer;
import io.github.postern.ws.connection.WebSocket;
import io.github.postern.ws.core.CloseStatus;
import io.github.postern.ws.core.PreparedMessage;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** Peers that do not take their messages as fast as they are sent. */
final class Slowness {
    /** How many messages are sent at once: more than sockets and queues hold when they are long. */
    static final int NUMBERS = 200;

    private Slowness() {}

    /** Backpressure loses nothing. */
    static void slowReader(Visit visit) throws Exception {
        var ws = visit.connect(Behaviour.COUNT);
        dawdle(visit);
        for (int i = 0; i < NUMBERS; i++) {
            Unexpected.unlessEqual(i, number(ws.receive()), "counted to");
            if (visit.chance(50)) {
                LockSupport.parkNanos(visit.random().nextInt(20_000_000));
            }
        }
        visit.awaitClose(ws, CloseStatus.NORMAL);
    }

    private static void dawdle(Visit visit) {
        if (visit.chance(3)) {
            Behaviour.pauseUntilSomebodyStandsIn();
        }
        LockSupport.parkNanos(visit.random().nextInt(50_000_000));
    }

    private static int number(Message message) throws Unexpected {
        if (message instanceof Message.Text text && text.text().indexOf(':') > 0) {
            return Integer.parseInt(text.text(), 0, text.text().indexOf(':'), 10);
        }
        throw new Unexpected("no number, but " + Payload.describe(message));
    }

    /** The numbers that came before the text that ends them, and that text. */
    private record Heard(List<Integer> numbers, String last) {}

    private static Heard hear(WebSocket ws, boolean mayMiss) throws IOException, InterruptedException, Unexpected {
        var numbers = new ArrayList<Integer>();
        while (true) {
            var message = ws.receive();
            if (message instanceof Message.Text text && text.text().startsWith("taken:")) {
                return new Heard(numbers, text.text());
            }
            int number = number(message);
            Unexpected.unless(
                    numbers.isEmpty() || numbers.getLast() < number, "after " + numbers.size() + " came " + number);
            Unexpected.unless(
                    mayMiss || number == numbers.size(),
                    "none may be missed, and " + number + " came as number " + numbers.size());
            numbers.add(number);
        }
    }

    /** A policy drops what it may, and never anything else. */
    static void slowConsumer(Visit visit) throws Exception {
        var behaviour = switch (visit.random().nextInt(4)) {
            case 0 -> Behaviour.DROP_NEWEST;
            case 1 -> Behaviour.DROP_OLDEST;
            case 2 -> Behaviour.CONFLATE;
            default -> Behaviour.CUT_OFF;
        };
        var ws = visit.connect(behaviour);
        dawdle(visit);
        Heard heard;
        try {
            heard = hear(ws, behaviour != Behaviour.CUT_OFF);
        } catch (ConnectionClosedException e) {
            Unexpected.unless(
                    behaviour == Behaviour.CUT_OFF && isCutOff(e.closeInfo()), behaviour + ": " + e.closeInfo());
            var unused = visit.serverEnd(ws);
            return;
        }
        check(behaviour, heard);
        visit.awaitClose(ws, CloseStatus.NORMAL);
    }

    private static void check(Behaviour behaviour, Heard heard) throws Unexpected {
        int received = heard.numbers().size();
        switch (behaviour) {
            case DROP_NEWEST -> Unexpected.unlessEqual("taken:" + received, heard.last(), "received " + received);
            case CUT_OFF -> Unexpected.unlessEqual(NUMBERS, received, "nothing was cut off, and what came was");
            default -> Unexpected.unlessEqual(NUMBERS - 1, heard.numbers().getLast(), behaviour + " ended with");
        }
    }

    /** Told why, unless it does not even take that. */
    private static boolean isCutOff(CloseInfo end) {
        return end.status().code() == CloseStatus.TRY_AGAIN_LATER.code()
                || end.status().code() == CloseStatus.ABNORMAL.code();
    }

    static void broadcast(Visit visit) throws Exception {
        var policy = switch (visit.random().nextInt(4)) {
            case 0 -> SlowConsumer.DROP_NEWEST;
            case 1 -> SlowConsumer.DROP_OLDEST;
            case 2 -> SlowConsumer.CLOSE;
            default -> SlowConsumer.conflate("number");
        };
        var paths = new ArrayList<String>();
        var hearing = new ArrayList<FutureTask<Integer>>();
        for (int i = visit.random().nextInt(4); i >= 0; i--) {
            var ws = visit.connect(Behaviour.LISTEN);
            paths.add(ws.request().path());
            Unexpected.unlessEqual(new Message.Text("here"), ws.receive(), "a listener's first message");
            boolean slow = visit.random().nextBoolean();
            hearing.add(visit.beside(() -> listen(ws, slow, !policy.equals(SlowConsumer.CLOSE))));
        }
        var filler = Behaviour.filler(visit.random());
        int sent = 0;
        int closed = 0;
        for (int i = 0; i < NUMBERS; i++) {
            var result = visit.site()
                    .server()
                    .broadcast(
                            PreparedMessage.text(i + filler),
                            ws -> paths.contains(ws.request().path()),
                            policy);
            sent += result.sent();
            closed += result.closed();
        }
        sayGoodbye(visit, paths);
        int heard = 0;
        for (var one : hearing) {
            heard += visit.result(one);
        }
        Unexpected.unless(closed == 0 || policy.equals(SlowConsumer.CLOSE), policy + " closed " + closed);
        if (closed == 0 && (policy.equals(SlowConsumer.CLOSE) || policy.equals(SlowConsumer.DROP_NEWEST))) {
            Unexpected.unlessEqual(sent, heard, policy + ": heard of those that were sent");
        }
        for (var path : paths) {
            var unused = visit.serverEnd(path);
        }
    }

    private static void sayGoodbye(Visit visit, List<String> paths) {
        for (var ws : visit.site().server().connections()) {
            if (paths.contains(ws.request().path())) {
                try {
                    ws.send("taken:");
                } catch (IOException e) {
                    // cut off by the policy
                }
            }
        }
    }

    /** How many numbers came. */
    private static int listen(WebSocket ws, boolean slow, boolean mayMiss) throws Exception {
        if (slow) {
            Behaviour.pauseUntilSomebodyStandsIn();
        }
        try {
            int heard = hear(ws, mayMiss).numbers().size();
            ws.close();
            return heard;
        } catch (ConnectionClosedException e) {
            Unexpected.unless(isCutOff(e.closeInfo()), "a listener was " + e.closeInfo());
            return 0;
        }
    }

    /** Who takes nothing at all is cut off after the write timeout. */
    static void stalled(Visit visit) throws Exception {
        var path = visit.path(Behaviour.FLOOD);
        try (var socket = Damage.shakenHands(visit, path + "?0")) {
            var end = visit.serverEnd(path);
            Unexpected.unless(end.cause() instanceof SocketTimeoutException, socket + " stalled, and was " + end);
        }
    }
}
