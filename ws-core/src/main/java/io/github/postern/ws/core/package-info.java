/**
 * The framing of RFC 6455 as two state machines, one for each direction of a connection whose handshake is done. No
 * I/O, threads, clocks, randomness or locks: bytes and keys are handed in, bytes and events come out.
 *
 * <h2>Words</h2>
 *
 * <ul>
 *   <li><i>Message</i>: what an application sends and receives, text or binary, in one frame or several.
 *   <li><i>Frame</i>: the unit on the wire, a header of 2 to 14 bytes and a payload (§5.2). <i>Data frames</i> carry
 *       messages, <i>control frames</i> (Close, Ping, Pong) concern the connection and may come between the frames of a
 *       message.
 *   <li><i>Fragment</i>: one data frame of a message that has several (§5.4). When we send one we call it a
 *       <i>part</i>.
 *   <li><i>Masking key</i>: four bytes with which a client garbles each payload, so that no intermediary takes it for
 *       something else (§5.3, §10.3).
 *   <li><i>Fail</i>: to end the connection because the peer broke a rule (§7.1.7).
 *   <li><i>Peer</i>: the other end. <i>Role</i>: which end we are. All classes serve both.
 * </ul>
 *
 * <h2>The two sides</h2>
 *
 * {@link io.github.postern.ws.core.Inbound Inbound} receives and {@link io.github.postern.ws.core.Outbound Outbound}
 * sends. They share nothing that changes, so neither waits for the other and no lock is needed here. What the one finds that the other has
 * to answer travels as the {@link io.github.postern.ws.core.Reply Reply} of an event, by way of the connection that owns both.
 *
 * <h2>The way of a received message</h2>
 *
 * <ol>
 *   <li>{@link io.github.postern.ws.core.Inbound Inbound} is given the bytes that arrived, cut anywhere.
 *   <li>{@code FrameDecoder} reads the header. What a frame may not be by itself ends here, before its payload.
 *   <li>{@code Inbound} judges the frame among the others and against the {@link io.github.postern.ws.core.Limits
 *       Limits}.
 *   <li>A message that is wholly there, in one plain frame, is unmasked and taken from the input at once; {@code Utf8} makes it a text.
 *   <li>For any other, {@code MessageAssembler} collects what arrives, by way of {@code MessageInflater} if it is compressed, and
 *       {@code Utf8Validator} looks at each piece of a text.
 *   <li>{@link io.github.postern.ws.core.Event Event}: a message or a part of one, a control frame, or the end. Its {@code reply()} is
 *       the control frame that the RFC wants in return.
 * </ol>
 *
 * So a short text message is followed from its bytes to its event in four files: {@code Inbound}, {@code FrameDecoder} with
 * {@code Mask}, {@code Utf8}.
 *
 * <h2>The way of a sent message</h2>
 *
 * <ol>
 *   <li>{@link io.github.postern.ws.core.Outbound Outbound} is given a command: a message, a part, a control frame or a
 *       {@link io.github.postern.ws.core.Reply Reply}. It refuses what the RFC forbids to send.
 *   <li>{@code MessageDeflater} compresses the message or part, if that was agreed on and is worth while.
 *   <li>{@code FrameEncoder} writes header and payload into whatever room there is, masking the copy.
 * </ol>
 *
 * <h2>Compression</h2>
 *
 * permessage-deflate (RFC 7692) changes what is inside the frames of a message and one bit of the first one's header, and nothing else.
 * What was agreed on is among the extensions that either side is given; {@link io.github.postern.ws.core.DeflateOptions
 * DeflateOptions} says how this endpoint goes about it. zlib's compressors hold memory outside of the heap: they are borrowed
 * from a {@link io.github.postern.ws.core.DeflatePool DeflatePool} and given back after each message, or, if they are to
 * remember it, when the connection has ended, for which either side has {@code release()}.
 *
 * <h2>Closing</h2>
 *
 * Each direction is open or closed, and each is closed once, so that the closing handshake (§7) has four states. What
 * is on the left is all that the core knows; the sockets and the timeouts of the last column are the owner's of the
 * connection.
 *
 * <pre>
 *   Outbound   Inbound   then
 *   open       open      messages flow both ways
 *   open       closed    after Closed or Failed: send the event's reply(), which closes Outbound
 *   closed     open      we began: send nothing more, go on receiving until Closed, Failed or a timeout
 *   closed     closed    the server closes TCP; the client waits for that, up to a timeout (§7.1.1)
 * </pre>
 *
 * <ul>
 *   <li>{@code Outbound} closes with {@code close(status)}, or with the {@code reply()} of a {@code Closed} or {@code
 *       Failed} event. Afterwards every command is refused: a Pong that is owed is not sent, and neither is a second
 *       Close (§5.5.1).
 *   <li>{@code Inbound} closes with a Close frame ({@code Closed}) or with the first broken rule ({@code Failed}). What
 *       comes later is consumed unread (§1.4, §7.1.7).
 *   <li>If both ends begin at once, each finds the other's Close while its own side is closed; there is nothing to
 *       reply to any more.
 *   <li>A connection that is lost before {@code Closed} ends with 1006, a Close frame without a code means 1005:
 *       neither is ever sent.
 * </ul>
 */
package io.github.postern.ws.core;
