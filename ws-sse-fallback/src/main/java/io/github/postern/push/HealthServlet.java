package io.github.postern.push;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** Tells load balancers whether the server takes new clients: 200, or 503 from the beginning of its end on. */
final class HealthServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient BooleanSupplier stopping;

    HealthServlet(BooleanSupplier stopping) {
        this.stopping = stopping;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean ends = stopping.getAsBoolean();
        response.setStatus(ends ? HttpServletResponse.SC_SERVICE_UNAVAILABLE : HttpServletResponse.SC_OK);
        if (ends) {
            response.setHeader("Retry-After", "1");
        }
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=utf-8");
        response.getOutputStream().write((ends ? "stopping\n" : "ok\n").getBytes(StandardCharsets.US_ASCII));
    }
}
