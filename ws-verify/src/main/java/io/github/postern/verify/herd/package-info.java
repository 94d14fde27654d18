/** Many clients of one push server that come back at once. */
@NullMarked
package io.github.postern.verify.herd;

import org.jspecify.annotations.NullMarked;
