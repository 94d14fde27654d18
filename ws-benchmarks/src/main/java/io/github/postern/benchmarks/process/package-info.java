/** What the benchmarks of whole servers have in common: processes on cores of their own, and what those use. */
@NullMarked
package io.github.postern.benchmarks.process;

import org.jspecify.annotations.NullMarked;
