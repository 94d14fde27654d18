/**
 * The Autobahn|Testsuite against our server and our client. What needs the suite itself is tagged {@code autobahn}, which only the
 * profile of that name runs.
 */
@NullMarked
package io.github.postern.verify.autobahn;

import org.jspecify.annotations.NullMarked;
