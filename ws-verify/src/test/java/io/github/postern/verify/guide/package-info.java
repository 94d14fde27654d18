/**
 * README and guide: their code compiles, their examples run, and their tables of limits are those of the code.
 *
 * <p>How a block of code is read is told in {@code docs/guide/README.md}.
 */
@NullMarked
package io.github.postern.verify.guide;

import org.jspecify.annotations.NullMarked;
