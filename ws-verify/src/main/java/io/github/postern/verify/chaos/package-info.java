/** The push guarantee through a network that breaks at random: every message once, in order, both ways. */
@NullMarked
package io.github.postern.verify.chaos;

import org.jspecify.annotations.NullMarked;
