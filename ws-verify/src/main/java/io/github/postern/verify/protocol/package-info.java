/**
 * A black-box suite for servers of the Postern push protocol, which uses none of Postern's modules.
 *
 * <p>A {@link io.github.postern.verify.protocol.Case} cites one sentence of {@code PROTOCOL.md} and sees whether a server keeps to it. Cases are grouped
 * under the headings of that page. {@link io.github.postern.verify.protocol.Target} is the server, {@link
 * io.github.postern.verify.protocol.ProtocolSuite} the command line.
 *
 * <p><b>The endpoint under test</b> sends every message back, text as text and binary as binary, but for these texts:
 * <ul>
 * <li>{@code !push COUNT SIZE}: sends COUNT texts of SIZE characters.
 * <li>{@code !close CODE REASON}: closes the session.
 * <li>{@code !stop}: receives nothing any more.
 * </ul>
 *
 * <p><b>A limited endpoint</b>, where there is one, serves the host {@code limited.example} alone, and at most 100 sessions; nobody else uses it.
 */
@NullMarked
package io.github.postern.verify.protocol;

import org.jspecify.annotations.NullMarked;
