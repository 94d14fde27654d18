/** What tests and the soak need to speak TLS to this machine. */
@NullMarked
package io.github.postern.verify.tls;

import org.jspecify.annotations.NullMarked;
