/**
 * Network faults for tests: a proxy inside the test that breaks HTTP/1.1 and WebSocket on demand.
 *
 * <p>It knows nothing of what is tested: any client and any server will do, as long as the client can be told an address. {@link
 * io.github.postern.faults.FaultProxy} has the example of a client that repeats what got no answer. A stream that a buffering proxy holds back:
 *
 * {@snippet class="io.github.postern.verify.examples.FaultsExamplesTest" region="stream" :
 * var muted = proxy.every(Request.get().and(Request.path("/events")), Fault.muteBody());
 * }
 *
 * <p>And a machine that sleeps, and answers when it wakes up:
 *
 * {@snippet class="io.github.postern.verify.examples.FaultsExamplesTest" region="sleep" :
 * proxy.freeze();
 * var answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
 * proxy.thaw();
 * }
 */
package io.github.postern.faults;
