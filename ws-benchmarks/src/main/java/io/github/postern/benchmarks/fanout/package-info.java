/** What it costs to publish a message to many, over WebSocket and over Server-Sent Events. */
@NullMarked
package io.github.postern.benchmarks.fanout;

import org.jspecify.annotations.NullMarked;
