/** Push through a real nginx and a real HAProxy: what their buffering, refusals and timeouts do to clients, and the configurations of {@code docs/guide/proxies.md}. */
@NullMarked
package io.github.postern.verify.proxies;

import org.jspecify.annotations.NullMarked;
