package io.github.postern.benchmarks;

import java.util.HashMap;
import java.util.zip.Deflater;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.compression.CompressionPool;
import org.eclipse.jetty.util.compression.DeflaterPool;
import org.eclipse.jetty.util.compression.InflaterPool;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.ExtensionConfig;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.internal.PerMessageDeflateExtension;
import org.jspecify.annotations.Nullable;

/** What a server of Jetty's negotiates, with its pools of zlib streams, at the JDK's default level, which is 6. */
final class JettyDeflate {
    private JettyDeflate() {}

    static PerMessageDeflateExtension negotiated(boolean contextTakeover) throws Exception {
        var inflaters = new InflaterPool(CompressionPool.DEFAULT_CAPACITY, true);
        var deflaters = new DeflaterPool(CompressionPool.DEFAULT_CAPACITY, Deflater.DEFAULT_COMPRESSION, true);
        var components =
                new WebSocketComponents(null, null, new ArrayByteBufferPool(), inflaters, deflaters, Runnable::run);
        components.start();
        var parameters = new HashMap<String, @Nullable String>();
        if (!contextTakeover) {
            parameters.put("server_no_context_takeover", null);
            parameters.put("client_no_context_takeover", null);
        }
        var extension = new PerMessageDeflateExtension();
        extension.init(new ExtensionConfig("permessage-deflate", parameters), components);
        extension.setCoreSession(new CoreSession.Empty());
        return extension;
    }
}
