/**
 * Inputs that nobody would think of: fuzz targets for all that reads bytes of a peer, and a comparison with an independent
 * decoder. A target is a function of a few bytes; it runs on the inputs in {@code src/test/resources} with the other tests,
 * and on inputs that a fuzzer invents with the profile {@code fuzz}. {@code CONTRIBUTING.md} has the command.
 */
@NullMarked
package io.github.postern.verify.fuzz;

import org.jspecify.annotations.NullMarked;
