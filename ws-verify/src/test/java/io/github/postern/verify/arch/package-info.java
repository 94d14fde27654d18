/**
 * The rules that hold across modules: who may know whom, what a module promises, and the house style as far as a machine
 * can see it. They look at the compiled classes of the other modules, and {@code ImportTest} sees to it that there are some.
 */
@NullMarked
package io.github.postern.verify.arch;

import org.jspecify.annotations.NullMarked;
