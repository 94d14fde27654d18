package io.github.postern.verify.proxies;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A reverse proxy that may be installed on this machine. Without it its tests are skipped, except in CI, where that is a failure. */
enum ProxyProgram {
    /** What a test configures stands in the context {@code http}. */
    NGINX("nginx") {
        // after a reload what still runs through the old workers is cut soon, so that a test need not end it
        private static final String FRAME = """
                @USER@
                daemon off;
                pid nginx.pid;
                worker_processes 1;
                worker_shutdown_timeout 100ms;
                events { worker_connections 512; }
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                @HTTP@
                }
                """;

        @Override
        String listening(String text, int port) {
            return text.replace("listen 80;", "listen 127.0.0.1:" + port + ";");
        }

        @Override
        String file(String text, Path folder) {
            boolean root = "root".equals(System.getProperty("user.name"));
            return FRAME.replace("@USER@", root ? "user root;" : "").replace("@HTTP@", text);
        }

        @Override
        List<String> command(Path program, Path folder, Path file) {
            return List.of(
                    program.toString(),
                    "-p",
                    folder + "/",
                    "-c",
                    file.toString(),
                    "-e",
                    folder.resolve("error.log").toString());
        }

        @Override
        List<String> reload(List<String> command, long process) {
            return Stream.concat(command.stream(), Stream.of("-s", "reload")).toList();
        }
    },

    /** What a test configures stands behind the section {@code global}. The peer by whom tables outlive a reload is a socket of the file system. */
    HAPROXY("haproxy") {
        // long enough for a reload to hand on the tables
        private static final String FRAME = """
                global
                    localpeer here
                    hard-stop-after 1s
                @REST@
                """;

        @Override
        String listening(String text, int port) {
            return text.replace("bind :80\n", "bind 127.0.0.1:" + port + "\n");
        }

        @Override
        String file(String text, Path folder) {
            return FRAME.replace("@REST@", text).replace("127.0.0.1:10000", "unix@" + folder.resolve("peer"));
        }

        @Override
        List<String> command(Path program, Path folder, Path file) {
            return List.of(program.toString(), "-W", "-f", file.toString());
        }

        @Override
        List<String> reload(List<String> command, long process) {
            return List.of("kill", "-USR2", Long.toString(process));
        }
    };

    /** Names of conditions, for {@code EnabledIf}. */
    static final String NGINX_INSTALLED = "io.github.postern.verify.proxies.ProxyProgram#isNginxInstalled";

    static final String HAPROXY_INSTALLED = "io.github.postern.verify.proxies.ProxyProgram#isHaProxyInstalled";
    static final String MISSING = "not on the path";

    private static final List<String> SYSTEM_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin", "/sbin");

    private final String program;

    ProxyProgram(String program) {
        this.program = program;
    }

    /** The name of its file. */
    String program() {
        return program;
    }

    static boolean isNginxInstalled() {
        return NGINX.isInstalled();
    }

    static boolean isHaProxyInstalled() {
        return HAPROXY.isInstalled();
    }

    /** Whether it is there: the condition of every test that starts it. */
    boolean isInstalled() {
        boolean found = search().isPresent();
        if (!found && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(program + " is " + MISSING);
        }
        return found;
    }

    private Optional<Path> search() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), SYSTEM_FOLDERS.stream())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Where it is. */
    Path find() throws IOException {
        return search().orElseThrow(() -> new IOException(program + " is " + MISSING));
    }

    /** What a test configures, with this port of the loopback interface in the place of port 80. */
    abstract String listening(String text, int port);

    /** The whole of the configuration file for what a test configures. */
    abstract String file(String text, Path folder);

    /** How to start it in the foreground. */
    abstract List<String> command(Path program, Path folder, Path file);

    /** How to have it read its configuration again, once started with that command. */
    abstract List<String> reload(List<String> command, long process);
}
