/**
 * Network faults for tests: a proxy inside the test that breaks HTTP/1.1 and WebSocket on demand.
 *
 * <p>It knows nothing of what is tested: any client and any server will do, as long as the client can be told an address. An example with a plain
 * HTTP server, to see whether its client repeats what got no answer:
 *
 * {@snippet :
 * class OrderTest {
 *     private static HttpServer server; // the JDK's, Jetty, Tomcat, whatever is tested
 *
 *     @RegisterExtension
 *     static final FaultProxy proxy = FaultProxy.to(() -> server.getAddress().getPort());
 *
 *     @Test
 *     void an_order_whose_answer_was_lost_is_not_placed_twice() throws Exception {
 *         var lost = proxy.next(Request.post(), Fault.loseResponse());
 *         new OrderClient(proxy.uri("/orders")).order("book");
 *         lost.await();
 *         assertEquals(1, ordersOfTheServer());
 *     }
 * }
 * }
 *
 * <p>And one with a stream that a buffering proxy holds back, and a machine that sleeps:
 *
 * {@snippet :
 * proxy.every(Request.get().and(Request.path("/events")), Fault.muteBody());
 * ...
 * proxy.freeze();
 * ...
 * proxy.thaw();
 * }
 */
package io.github.postern.faults;
