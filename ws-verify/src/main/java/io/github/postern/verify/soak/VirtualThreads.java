package io.github.postern.verify.soak;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;

/** Those that are alive, of which no counter of the JDK knows: a thread dump does. */
final class VirtualThreads {
    private VirtualThreads() {}

    static int count() throws IOException {
        return (int) dump().lines().filter(VirtualThreads::isOfSomebody).count();
    }

    /** The JDK waits for sockets with virtual threads of its own. */
    private static boolean isOfSomebody(String line) {
        return line.startsWith("#") && line.contains("\" virtual") && !line.contains("Poller");
    }

    /** All threads, and where they are. */
    static String dump() throws IOException {
        var folder = Files.createTempDirectory("soak");
        var file = folder.resolve("threads");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
            return Files.readString(file);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }
}
