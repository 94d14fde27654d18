package io.github.postern.verify.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Inside push: what decides is pure and knows nobody above it; the server's side and the client's are strangers. */
class PushLayeringTest {
    private static final JavaClasses PUSH = Imported.of(PosternModule.PUSH);

    /** Numbers, replay, epochs, the end, the choice of a transport, the record format: state machines and pure functions. */
    private static final Set<String> ENGINE = Set.of(
            "SessionState",
            "SessionOutput",
            "SessionEnd",
            "Fence",
            "Delivery",
            "ReplayLog",
            "Reception",
            "Inbox",
            "TopicHistory",
            "ClientState",
            "ClientEnd",
            "ClientEpochs",
            "ClientOutput",
            "Submission",
            "TransportRace",
            "TransportChoice",
            "EventStreamEncoder",
            "EventStreamParser");

    /** What moves bytes, holds locks or runs threads on the server. */
    private static final Set<String> SERVER = Set.of(
            "PushServer",
            "PushServlet",
            "PushEndpoint",
            "PushSessions",
            "LiveSession",
            "ApplicationSession",
            "SessionMonitor",
            "SessionUpkeep",
            "SessionReport",
            "HandlerThreads",
            "HttpReceiver",
            "HttpSender",
            "HttpCarrier",
            "WebSocketAcceptor",
            "WebSocketReceiver",
            "WebSocketCarrier",
            "JettyServer",
            "Topic");

    /** The same on the client. */
    private static final Set<String> CLIENT = Set.of(
            "PushClient",
            "ClientSession",
            "ClientLoop",
            "AttachmentEnds",
            "GuardedState",
            "Uplink",
            "Downlink",
            "ClientAttachments",
            "ClientWebSocket",
            "ClientStream",
            "ClientPolls",
            "HttpLink",
            "HttpAccess",
            "Poster",
            "TokenRenewal",
            "SessionEvents");

    /** A name that is no class any more would be a rule about nothing. */
    @Test
    void every_class_of_these_rules_exists() {
        var names = PUSH.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());
        var missing = Stream.of(ENGINE, SERVER, CLIENT)
                .flatMap(Set::stream)
                .filter(name -> !names.contains(name))
                .toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void the_engine_has_no_io_no_locks_no_threads_and_no_servlets() {
        noClasses()
                .that(are(ENGINE))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.concurrent..",
                        "java.net..",
                        "java.nio.channels..",
                        "java.time..",
                        "jakarta..",
                        "org.eclipse.jetty..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.(Thread.*|System\\$Logger.*)|java\\.util\\.(.*Random|Timer.*)")
                .check(PUSH);
    }

    @Test
    void the_engine_has_no_clock() {
        noClasses()
                .that(are(ENGINE))
                .should()
                .accessTargetWhere(describe(
                        "is a member of System other than arraycopy",
                        (JavaAccess<?> access) -> access.getTargetOwner().isEquivalentTo(System.class)
                                && !access.getName().equals("arraycopy")))
                .check(PUSH);
    }

    @Test
    void the_engine_knows_neither_server_nor_client() {
        noClasses()
                .that(are(ENGINE))
                .should()
                .dependOnClassesThat(are(SERVER).or(are(CLIENT)))
                .check(PUSH);
    }

    @Test
    void server_and_client_are_strangers() {
        noClasses().that(are(SERVER)).should().dependOnClassesThat(are(CLIENT)).check(PUSH);
        noClasses().that(are(CLIENT)).should().dependOnClassesThat(are(SERVER)).check(PUSH);
    }

    @Test
    void a_client_needs_no_servlet_container() {
        noClasses()
                .that(are(CLIENT))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta..", "org.eclipse.jetty..")
                .check(PUSH);
    }

    /** With the classes inside. */
    private static DescribedPredicate<JavaClass> are(Set<String> names) {
        return describe("are " + names, type -> names.contains(outermost(type).getSimpleName()));
    }

    private static JavaClass outermost(JavaClass type) {
        var outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return outermost;
    }
}
