/** JMH benchmarks of the library. */
@NullMarked
package io.github.postern.benchmarks;

import org.jspecify.annotations.NullMarked;
