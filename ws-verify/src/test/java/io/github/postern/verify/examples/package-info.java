/**
 * The examples of the Javadoc. Each stands in a test between {@code @start} and {@code @end}, under the name by which a comment of the library asks for it; so it
 * compiles, and does what it says. The javadoc tool compares both: see CONTRIBUTING.md.
 */
@NullMarked
package io.github.postern.verify.examples;

import org.jspecify.annotations.NullMarked;
