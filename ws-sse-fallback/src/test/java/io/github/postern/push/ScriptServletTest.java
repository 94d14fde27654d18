package io.github.postern.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The browser client as it is served and packaged. */
class ScriptServletTest {
    private PushServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        server = PushServer.builder().start();
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private HttpResponse<byte[]> get(String name, String... headers) throws Exception {
        var uri = URI.create("http://localhost:" + server.port() + "/postern/" + name);
        var request = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"postern.js", "postern.min.js", "postern.global.js", "postern-shared.js", "postern-shared.min.js"
            })
    void is_served_so_that_browsers_may_keep_it_if_they_ask(String name) throws Exception {
        var script = get(name);
        assertEquals(200, script.statusCode());
        assertEquals(
                "text/javascript;charset=utf-8",
                script.headers().firstValue("Content-Type").orElse(""));
        assertEquals("no-cache", script.headers().firstValue("Cache-Control").orElse(""));
        var tag = script.headers().firstValue("ETag").orElseThrow();
        assertEquals(304, get(name, "If-None-Match", tag).statusCode());
        assertEquals(200, get(name, "If-None-Match", "\"other\"").statusCode());
    }

    @ParameterizedTest
    @CsvSource({"postern.min.js, 8192", "postern.global.js, 8192", "postern-shared.min.js, 4096"})
    void is_small(String name, int limit) throws Exception {
        var script = get(name).body();
        var compressed = new ByteArrayOutputStream();
        var gzip = new GZIPOutputStream(compressed) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        };
        try (gzip) {
            gzip.write(script);
        }
        System.out.println(name + ": " + script.length + " bytes, " + compressed.size() + " compressed");
        assertTrue(compressed.size() < limit, () -> name + " has " + compressed.size() + " bytes compressed");
    }

    @Test
    void is_a_module_or_a_classic_script() throws Exception {
        assertTrue(text("postern.js").contains("\nexport class PushSocket "));
        assertTrue(text("postern.min.js").contains("export{"));
        assertFalse(text("postern.global.js").contains("export"));
    }

    @Test
    void a_module_beside_it_shares_the_connection() throws Exception {
        assertTrue(text("postern-shared.js").contains("from './postern.js'"));
        assertTrue(text("postern-shared.min.js").contains("\"./postern.min.js\""));
    }

    private String text(String name) throws Exception {
        return new String(get(name).body(), StandardCharsets.UTF_8);
    }

    @Test
    void is_packaged_for_npm_without_addresses() throws Exception {
        var folder = Path.of("target", "npm");
        for (var name : new String[] {
            "postern.js",
            "postern.d.ts",
            "postern.min.js",
            "postern.global.js",
            "postern-shared.js",
            "postern-shared.d.ts",
            "postern-shared.min.js",
            "LICENSE",
            "README.md"
        }) {
            assertTrue(Files.size(folder.resolve(name)) > 0, name);
        }
        var description = Files.readString(folder.resolve("package.json"));
        assertTrue(description.contains("\"license\": \"Apache-2.0\""), description);
        assertFalse(description.contains("://") || description.contains("@"), description);
        assertFalse(Files.exists(folder.resolve("package-lock.json")));
    }
}
