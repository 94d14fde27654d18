package io.github.postern.verify.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.github.postern.faults.FaultProxy;
import io.github.postern.push.PushClient;
import io.github.postern.verify.browser.Browsers;
import io.github.postern.ws.connection.Message;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of README and guide, run as a reader would run them. */
@Timeout(60)
class ExamplesTest {
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+-SNAPSHOT|0[^<]+)</version>");

    @TempDir
    private Path folder;

    /** Starts one that serves, and returns when it listens. */
    private RunningExample server(String name, String code) throws Exception {
        var block = CodeBlock.example(name);
        var example = RunningExample.start(block, code, RunningExample.freePort(), folder.resolve(name));
        example.awaitListening();
        return example;
    }

    private static String code(String name) {
        return CodeBlock.example(name).code();
    }

    /** Runs one that talks to such a server, to its end. */
    private void client(String name, int port) throws Exception {
        try (var client = RunningExample.start(CodeBlock.example(name), code(name), port, folder.resolve(name))) {
            client.awaitEnd();
        }
    }

    @Test
    void the_client_of_the_readme_talks_with_its_server() throws Exception {
        try (var server = server("server", code("server"))) {
            client("client", server.port());
        }
    }

    @Test
    void the_push_app_of_the_readme_pushes() throws Exception {
        try (var server = server("push", code("push"));
                var session = PushClient.connect(URI.create("http://localhost:" + server.port() + "/push"))) {
            session.send("hello");
            assertEquals(new Message.Text("hello"), session.receive());
        }
    }

    @Test
    void what_one_visitor_of_the_chat_says_the_others_see() throws Exception {
        var web = Files.createDirectory(folder.resolve("web"));
        Files.writeString(web.resolve("index.html"), code("chat-page"));
        var elsewhere = code("chat").replace("Path.of(\"web\")", "Path.of(\"" + web + "\")");
        assertTrue(elsewhere.contains(web.toString()));
        try (var browsers = Browsers.open();
                var server = server("chat", elsewhere);
                var here = browsers.newTab();
                var there = browsers.newTab()) {
            for (var tab : List.of(here, there)) {
                tab.page().navigate("http://localhost:" + server.port() + "/");
                PlaywrightAssertions.assertThat(tab.page().locator("input")).isEnabled();
            }
            here.page().fill("input", "<b>hello</b>");
            here.page().press("input", "Enter");
            for (var tab : List.of(here, there)) {
                PlaywrightAssertions.assertThat(tab.page().locator("li")).hasText("<b>hello</b>");
                assertEquals(List.of(), tab.errors());
            }
            client("chat-client", server.port());
            PlaywrightAssertions.assertThat(there.page().locator("li").first()).hasText("hello from Java");
        }
    }

    @Test
    void the_chat_is_as_short_as_the_page_says() {
        assertEquals(18, lines("chat"));
        assertEquals(11, lines("chat-page"));
    }

    private static long lines(String example) {
        return code(example).lines().count();
    }

    @Test
    void the_project_file_of_the_guide_asks_for_this_version() throws IOException {
        var own = VERSION.matcher(Files.readString(CodeBlock.ROOT.resolve("pom.xml")));
        assertTrue(own.find());
        var asked = VERSION.matcher(code("pom"));
        assertTrue(asked.find());
        assertEquals(own.group(1), asked.group(1));
    }

    /** As JUnit would run them. */
    @ParameterizedTest
    @CsvSource({"pair, 2", "torn, 1", "clock, 1", "faults, 2"})
    void the_tests_of_the_guide_pass(String example, int count) throws Exception {
        var type = RunningExample.type(CodeBlock.example(example), folder);
        var tests = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .toList();
        assertEquals(count, tests.size());
        var proxy = proxy(type);
        if (proxy.isPresent()) {
            proxy.get().start();
        }
        try {
            for (var test : tests) {
                call(test, type.getConstructor().newInstance());
            }
        } finally {
            proxy.ifPresent(FaultProxy::close);
            for (var method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(AfterAll.class)) {
                    call(method, type); // of which it needs none, being static
                }
            }
        }
    }

    private static void call(Method method, Object target) throws ReflectiveOperationException {
        method.setAccessible(true);
        method.invoke(target);
    }

    private static Optional<FaultProxy> proxy(Class<?> type) throws ReflectiveOperationException {
        for (var field : type.getDeclaredFields()) {
            if (field.getType() == FaultProxy.class) {
                field.setAccessible(true);
                return Optional.of((FaultProxy) field.get(null));
            }
        }
        return Optional.empty();
    }
}
