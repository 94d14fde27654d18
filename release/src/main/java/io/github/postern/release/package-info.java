/** What a release must be before it goes to Maven Central: the rules, and a key to try it out with. */
@NullMarked
package io.github.postern.release;

import org.jspecify.annotations.NullMarked;
