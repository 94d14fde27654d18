/** What the runs of {@code ws-verify} have in common. */
@NullMarked
package io.github.postern.verify.run;

import org.jspecify.annotations.NullMarked;
