package io.github.postern.verify.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;

/** A wire between one client and a server, that is damaged after some bytes. */
final class Relay implements AutoCloseable {
    /** What happens to it. */
    enum Fault {
        /** Both ends see an end of the stream. */
        CUT,

        /** Both ends see a reset. */
        RESET,

        /** Nothing comes through any more, and neither end sees why. */
        HANG,

        /** What comes through is not what was sent. */
        GARBLE
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final Socket toServer = new Socket();
    private final Fault fault;
    private final Random random;
    private volatile boolean hangs;

    /**
     * @param server the port of the server
     * @param after how many bytes come through one of the ways before the fault
     * @param upstream whether that is the way from the client to the server
     */
    Relay(int server, Fault fault, int after, boolean upstream, Random random) throws IOException {
        this.fault = fault;
        this.random = random;
        Thread.ofVirtual().name("soak-relay").start(() -> run(server, after, upstream));
    }

    int port() {
        return listening.getLocalPort();
    }

    private void run(int server, int after, boolean upstream) {
        try (var toClient = listening.accept()) {
            toServer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server));
            var back = Thread.ofVirtual()
                    .name("soak-relay-back")
                    .start(() -> pass(toServer, toClient, upstream ? NEVER : after));
            pass(toClient, toServer, upstream ? after : NEVER);
            back.join();
        } catch (IOException | InterruptedException e) {
            // closed before a client came
        } finally {
            closeQuietly(toServer);
        }
    }

    private void pass(Socket from, Socket to, long after) {
        var bytes = new byte[8192];
        long passed = 0;
        try {
            for (int read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                if (passed <= after && after < passed + read) {
                    breakUp(from, to, bytes, (int) (after - passed), read);
                }
                passed += read;
                if (!hangs) {
                    to.getOutputStream().write(bytes, 0, read);
                }
            }
            if (!hangs) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    /** Between two of the bytes that were read. */
    private void breakUp(Socket from, Socket to, byte[] bytes, int intact, int read) throws IOException {
        if (fault == Fault.GARBLE) {
            bytes[intact + random.nextInt(read - intact)] ^= (byte) (1 << random.nextInt(8));
            return;
        }
        to.getOutputStream().write(bytes, 0, intact);
        if (fault == Fault.HANG) {
            hangs = true;
            return;
        }
        if (fault == Fault.RESET) {
            from.setSoLinger(true, 0);
            to.setSoLinger(true, 0);
        }
        throw new IOException("broken, as it was to be");
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone all the same
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        closeQuietly(toServer);
    }
}
