package io.github.postern.verify.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.github.postern.verify.arch.PosternModule.CLIENT;
import static io.github.postern.verify.arch.PosternModule.CONNECTION;
import static io.github.postern.verify.arch.PosternModule.CORE;
import static io.github.postern.verify.arch.PosternModule.FAULTS;
import static io.github.postern.verify.arch.PosternModule.PUSH;
import static io.github.postern.verify.arch.PosternModule.SAMPLES;
import static io.github.postern.verify.arch.PosternModule.SERVER;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom: core ← connection ← server, client, push ← samples, and no other arrow. */
class LayeringTest {
    /** The embedded server: only who chooses it loads these, and what begins with Jetty. */
    private static final Set<String> MADE_FOR_JETTY = Set.of("PlainErrors");

    @ParameterizedTest
    @EnumSource
    void a_module_knows_only_the_modules_below_it(PosternModule module) {
        var known = EnumSet.of(module);
        known.addAll(below(module));
        classes()
                .that()
                .resideInAPackage(module.packages())
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(packages(known))
                        .or(DescribedPredicate.not(resideInAPackage("io.github.postern.."))))
                .check(Imported.ALL);
    }

    private static Set<PosternModule> below(PosternModule module) {
        return switch (module) {
            case CORE, FAULTS -> Set.of();
            case CONNECTION -> Set.of(CORE);
            case SERVER, CLIENT -> Set.of(CORE, CONNECTION);
            case PUSH -> Set.of(CORE, CONNECTION, CLIENT);
            case SAMPLES -> Set.of(CORE, CONNECTION, SERVER, CLIENT, FAULTS, PUSH);
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"CORE", "CONNECTION", "SERVER", "CLIENT"})
    void the_web_socket_modules_need_nothing_but_the_jdk(PosternModule module) {
        classes()
                .that()
                .resideInAPackage(module.packages())
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "javax.net..", "jdk.jfr", "org.jspecify.annotations", "io.github.postern..")
                .check(Imported.ALL);
    }

    @Test
    void only_the_faults_for_tests_know_junit() {
        noClasses()
                .that()
                .resideOutsideOfPackage(FAULTS.packages())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.junit..")
                .check(Imported.ALL);
    }

    @Test
    void nothing_but_tests_uses_the_test_kit() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.github.postern.ws.connection.testkit")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.postern.ws.connection.testkit")
                .check(Imported.ALL);
    }

    @Test
    void the_handshake_does_not_know_the_engine() {
        noClasses()
                .that()
                .resideInAPackage("io.github.postern.ws.core.handshake..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.postern.ws.core")
                .check(Imported.ALL);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("io.github.postern.(**)").should().beFreeOfCycles().check(Imported.ALL);
    }

    @Test
    void only_push_and_programs_know_the_servlet_api() {
        noClasses()
                .that()
                .resideOutsideOfPackages(PUSH.packages(), SAMPLES.packages())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.servlet..")
                .check(Imported.ALL);
    }

    /** So that push runs in a container that has no Jetty: what never loads cannot be missed. */
    @Test
    void only_the_embedded_server_and_the_jetty_upgrade_know_jetty() {
        noClasses()
                .that(resideInAPackage(SAMPLES.packages()).negate())
                .and(describe("are not made for Jetty", type -> !mayKnowJetty(type)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .check(Imported.ALL);
    }

    private static boolean mayKnowJetty(JavaClass type) {
        var outermost = type;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        var name = outermost.getSimpleName();
        return outermost.getPackageName().equals(PUSH.packageName())
                && (MADE_FOR_JETTY.contains(name) || name.startsWith("Jetty"));
    }

    /**
     * The plain socket of a connection is behind a Transport, and has one place on each side where it is opened. The methods that {@code X509ExtendedKeyManager} asks of a key manager name
     * sockets, too, and those by which Jetty tells of what it has accepted.
     */
    @Test
    void sockets_are_opened_by_server_and_client_only() {
        noClasses()
                .that()
                .resideOutsideOfPackages(SERVER.packages(), CLIENT.packages(), FAULTS.packages(), SAMPLES.packages())
                .and()
                .doNotHaveSimpleName("SocketTransport")
                .and()
                .doNotHaveSimpleName("PemKeyManager")
                .and()
                .doNotHaveSimpleName("JettyConnector")
                .and()
                .doNotHaveSimpleName("JettyEndPoint")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.(Server|Datagram)?Socket|javax\\.net\\.ssl\\.SSL(Server)?Socket"
                        + "|java\\.nio\\.channels\\.(Server)?SocketChannel")
                .check(Imported.ALL);
    }

    /** A suite that shared code with what it tests would share its mistakes. */
    @ParameterizedTest
    @ValueSource(strings = {"conformance", "protocol"})
    void a_black_box_suite_uses_none_of_our_modules(String suite) {
        var checks = new ClassFileImporter().importPath(PosternModule.root().resolve("ws-verify/target/classes"));
        noClasses()
                .that()
                .resideInAPackage("io.github.postern.verify." + suite + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(EnumSet.allOf(PosternModule.class)))
                .check(checks);
    }

    private static String[] packages(Set<PosternModule> modules) {
        return Arrays.stream(modules.toArray(PosternModule[]::new))
                .map(PosternModule::packages)
                .toArray(String[]::new);
    }
}
