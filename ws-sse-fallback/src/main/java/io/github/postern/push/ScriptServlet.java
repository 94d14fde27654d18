package io.github.postern.push;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Arrays;

/** Serves the browser client, which browsers may keep if they ask whether it is still the same. */
final class ScriptServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    private final byte[] script;
    private final String tag;

    ScriptServlet(URL source) {
        try (var in = source.openStream()) {
            this.script = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.tag = "\"" + Integer.toHexString(Arrays.hashCode(script)) + "-" + script.length + "\"";
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("ETag", tag);
        response.setHeader("Cache-Control", "no-cache");
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setHeader("Content-Type", "text/javascript;charset=utf-8");
        response.setContentLength(script.length);
        response.getOutputStream().write(script);
    }
}
