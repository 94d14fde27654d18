package io.github.postern.benchmarks.server;

import io.github.postern.benchmarks.process.JvmProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Records our server with JDK Flight Recorder while it is under load, and prints where its time went. */
final class Profile {
    private Profile() {}

    static void run(Options options, JvmProcess load) throws IOException, InterruptedException {
        for (var row : options.rows()) {
            var recording = Path.of("target", "servers", row + ".jfr").toAbsolutePath();
            Files.createDirectories(recording.getParent());
            var recorder = "-XX:StartFlightRecording:filename=" + recording
                    + ",settings=profile,jdk.CPUTimeSample#enabled=true,jdk.CPUTimeSample#throttle=500/s,"
                    + "jdk.ObjectAllocationSample#enabled=true,jdk.ObjectAllocationSample#throttle=300/s";
            var quiet = List.of("-Xlog:jfr*=off", "-Xlog:jfr+startup=off", recorder);
            try (var run = ServerRun.start(Peer.POSTERN, Setup.of(row), load, quiet)) {
                var measurement = run.measure(row, options.warmUp(), options.seconds());
                System.out.println("\n## " + row + ": " + measurement.line());
            }
            System.out.print(HotSpots.of(recording));
            System.out.println("Recording: " + recording);
        }
    }
}
