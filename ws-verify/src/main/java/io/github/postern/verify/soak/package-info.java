/**
 * A soak: servers and clients of this process, plain and TLS, compressed and not, which talk, stream, stall, break rules and are cut off at random, and a balance of
 * what is left of that when all is closed.
 *
 * <p>An {@link io.github.postern.verify.soak.Actor} does one {@link io.github.postern.verify.soak.Action} after the other, each a
 * {@link io.github.postern.verify.soak.Visit} to a {@link io.github.postern.verify.soak.Site}. What is not as it must be is a
 * {@link io.github.postern.verify.soak.Failure}; what memory, threads and descriptors came to is a {@link io.github.postern.verify.soak.Balance}.
 */
@NullMarked
package io.github.postern.verify.soak;

import org.jspecify.annotations.NullMarked;
