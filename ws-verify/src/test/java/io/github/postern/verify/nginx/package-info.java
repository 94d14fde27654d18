/** Push through a real nginx: what its buffering, its refusals and its timeouts do to clients, and the configuration of {@code docs/nginx.md}. */
@NullMarked
package io.github.postern.verify.nginx;

import org.jspecify.annotations.NullMarked;
