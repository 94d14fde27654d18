package io.github.postern.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test damages a release that is sound, and reads what the check says of it. */
class ReleaseCheckTest {
    private static PGPSecretKeyRing key;

    @TempDir
    private Path folder;

    private SampleRelease release;

    @BeforeAll
    static void make_a_key() throws PGPException {
        key = ThrowawayKey.make();
    }

    @BeforeEach
    void begin_with_a_sound_release() {
        release = new SampleRelease("1.0");
    }

    private void assertViolations(String... expected) throws IOException {
        assertEquals(List.of(expected), ReleaseCheck.violations(folder));
    }

    private void write() throws IOException, PGPException {
        release.write(folder, key);
    }

    /** A file of ws-core. */
    private Path core(String ending) {
        return folder.resolve("io/github/postern/ws-core/1.0/ws-core-1.0" + ending);
    }

    @Test
    void a_sound_release_breaks_no_rule() throws Exception {
        write();
        assertViolations();
    }

    @Test
    void a_folder_without_a_pom_is_no_release() throws Exception {
        assertViolations("no POM in " + folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".jar",
                "-sources.jar",
                "-javadoc.jar",
                "-cyclonedx.json",
                ".pom.asc",
                ".pom.md5",
                ".pom.sha1",
                ".jar.asc",
                ".jar.md5",
                ".jar.sha1",
                "-sources.jar.asc",
                "-javadoc.jar.asc",
                "-cyclonedx.json.asc"
            })
    void a_missing_file_is_named(String ending) throws Exception {
        write();
        Files.delete(core(ending));
        assertViolations("ws-core-1.0" + ending + ": is missing");
    }

    @Test
    void a_file_that_belongs_to_nothing_is_named() throws Exception {
        write();
        Files.writeString(core("-tests.jar"), "");
        Files.writeString(folder.resolve("notes.txt"), "");
        assertViolations(
                "io/github/postern/ws-core/1.0/ws-core-1.0-tests.jar: belongs to no artifact",
                "notes.txt: belongs to no artifact");
    }

    @Test
    void a_pom_at_another_path_than_its_coordinates_is_found() throws Exception {
        release.without("ws-server").replace("ws-bom", "<dependency>.*ws-server.*</dependency>", "");
        write();
        Files.move(folder.resolve("io/github/postern/ws-bom/1.0"), folder.resolve("io/github/postern/ws-bom/1.1"));
        assertEquals(
                "ws-bom-1.0.pom: is missing", ReleaseCheck.violations(folder).getFirst());
    }

    @ParameterizedTest
    @CsvSource({
        "name, name",
        "description, description",
        "url, url",
        "licenses, licenses/license/name licenses/license/url",
        "developers, developers/developer/name",
        "scm, scm/url scm/connection scm/developerConnection"
    })
    void what_a_pom_does_not_say_is_named(String element, String missing) throws Exception {
        release.replace("ws-core", "<" + element + ">.*?</" + element + ">", "");
        write();
        assertViolations(Stream.of(missing.split(" ", -1))
                .map(path -> "ws-core-1.0.pom: has no " + path)
                .toArray(String[]::new));
    }

    @Test
    void an_empty_element_says_nothing() throws Exception {
        release.replace("ws-core", "<name>a name</name>", "<name> </name>");
        write();
        assertViolations("ws-core-1.0.pom: has no name");
    }

    @Test
    void a_snapshot_is_no_release() throws Exception {
        release = new SampleRelease("1.0-SNAPSHOT");
        write();
        assertViolations(
                "ws-bom-1.0-SNAPSHOT.pom: its version is a snapshot: 1.0-SNAPSHOT",
                "ws-core-1.0-SNAPSHOT.pom: its version is a snapshot: 1.0-SNAPSHOT",
                "ws-server-1.0-SNAPSHOT.pom: its version is a snapshot: 1.0-SNAPSHOT");
    }

    @Test
    void a_pom_that_is_no_xml_is_named() throws Exception {
        release.replace("ws-core", "</name>", "");
        write();
        var violations = ReleaseCheck.violations(folder);
        assertEquals(1, violations.size());
        assertTrue(violations.getFirst().startsWith("ws-core-1.0.pom: is no POM: "), violations::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parent", "properties", "build", "profiles", "repositories", "dependencyManagement"})
    void what_only_the_build_needs_is_no_part_of_a_pom(String section) throws Exception {
        release.replace("ws-core", "<name>", "<" + section + "/><name>");
        write();
        assertViolations("ws-core-1.0.pom: has what a consumer does not need: " + section);
    }

    @ParameterizedTest
    @ValueSource(strings = {"test", "provided", "system"})
    void a_dependency_of_the_build_is_no_part_of_a_pom(String scope) throws Exception {
        release.replace("ws-server", "<scope>runtime", "<scope>" + scope);
        write();
        assertViolations("ws-server-1.0.pom: depends on org.example:other:3 in the scope " + scope);
    }

    @Test
    void a_variable_is_no_part_of_a_pom() throws Exception {
        release.replace("ws-core", "a name", "\\${name}");
        write();
        assertViolations("ws-core-1.0.pom: has a variable");
    }

    @Test
    void a_module_of_ours_that_is_asked_for_is_in_the_release() throws Exception {
        release.replace("ws-server", "<artifactId>ws-core</artifactId>", "<artifactId>ws-gone</artifactId>");
        write();
        assertViolations("ws-server-1.0.pom: asks for io.github.postern:ws-gone:1.0, which is not in this release");
    }

    @Test
    void a_module_of_ours_is_asked_for_in_the_version_of_the_release() throws Exception {
        release.replace("ws-server", "(?s)(<dependencies>.*?)<version>1.0", "$1<version>0.9");
        write();
        assertViolations("ws-server-1.0.pom: asks for io.github.postern:ws-core:0.9, which is not in this release");
    }

    @Test
    void a_dependency_is_no_snapshot() throws Exception {
        release.replace("ws-server", "<version>3<", "<version>3-SNAPSHOT<");
        write();
        assertViolations("ws-server-1.0.pom: asks for org.example:other:3-SNAPSHOT, which is a snapshot");
    }

    @Test
    void a_dependency_has_a_version() throws Exception {
        release.replace("ws-server", "<version>3</version>", "");
        write();
        assertViolations("ws-server-1.0.pom: asks for org.example:other:, which has no version");
    }

    @Test
    void the_bom_names_every_jar() throws Exception {
        release.replace("ws-bom", "<dependency>.*ws-server.*</dependency>", "");
        write();
        assertViolations("ws-bom-1.0.pom: does not name io.github.postern:ws-server:1.0");
    }

    @Test
    void there_is_a_bom() throws Exception {
        release.without("ws-bom");
        write();
        assertViolations("this release has not one BOM, but 0");
    }

    @Test
    void a_file_that_was_changed_has_neither_its_checksums_nor_its_signature() throws Exception {
        write();
        Files.writeString(core("-cyclonedx.json"), " ", StandardOpenOption.APPEND);
        assertViolations(
                "ws-core-1.0-cyclonedx.json.md5: is not the checksum of ws-core-1.0-cyclonedx.json",
                "ws-core-1.0-cyclonedx.json.sha1: is not the checksum of ws-core-1.0-cyclonedx.json",
                "ws-core-1.0-cyclonedx.json.sha256: is not the checksum of ws-core-1.0-cyclonedx.json",
                "ws-core-1.0-cyclonedx.json.sha512: is not the checksum of ws-core-1.0-cyclonedx.json",
                "ws-core-1.0-cyclonedx.json.asc: is no signature of ws-core-1.0-cyclonedx.json by signing-key.asc");
    }

    @ParameterizedTest
    @ValueSource(strings = {".md5", ".sha1", ".sha256", ".sha512"})
    void a_checksum_is_compared(String ending) throws Exception {
        write();
        Files.copy(core(".pom" + ending), core(".jar" + ending), StandardCopyOption.REPLACE_EXISTING);
        assertViolations("ws-core-1.0.jar" + ending + ": is not the checksum of ws-core-1.0.jar");
    }

    @Test
    void a_signature_of_another_file_is_none() throws Exception {
        write();
        Files.write(core(".jar.asc"), Files.readAllBytes(core(".pom.asc")));
        assertViolations("ws-core-1.0.jar.asc: is no signature of ws-core-1.0.jar by signing-key.asc");
    }

    @Test
    void a_signature_by_another_key_is_none() throws Exception {
        write();
        Files.write(core(".jar.asc"), SampleRelease.signature(Files.readAllBytes(core(".jar")), ThrowawayKey.make()));
        assertViolations("ws-core-1.0.jar.asc: is no signature of ws-core-1.0.jar by signing-key.asc");
    }

    @Test
    void text_is_no_signature() throws Exception {
        write();
        Files.writeString(core(".jar.asc"), "signed, yours truly\n");
        assertViolations("ws-core-1.0.jar.asc: is no signature of ws-core-1.0.jar by signing-key.asc");
    }

    /** Whatever a damaged one looks like to what reads it: it is named, or still good, but the check goes on. */
    @Test
    void a_damaged_signature_is_none() throws Exception {
        write();
        var sound = Files.readString(core(".jar.asc"));
        var expected = "ws-core-1.0.jar.asc: is no signature of ws-core-1.0.jar by signing-key.asc";
        var rule = new SignatureRule();
        int tried = 0;
        int named = 0;
        for (int i = 0; i < sound.length(); i += 7) {
            for (var damaged : List.of(
                    sound.substring(0, i),
                    sound.substring(0, i) + '~' + sound.substring(i + 1),
                    sound.substring(0, i) + (sound.charAt(i) == 'x' ? 'y' : 'x') + sound.substring(i + 1))) {
                tried++;
                Files.writeString(core(".jar.asc"), damaged);
                var violations = rule.violations(Release.in(folder));
                if (!violations.isEmpty()) {
                    assertEquals(List.of(expected), violations, damaged);
                    named++;
                }
            }
        }
        assertTrue(named > tried * 2 / 3, named + " of " + tried);
    }

    @Test
    void without_a_key_no_signature_can_be_trusted() throws Exception {
        write();
        Files.delete(folder.resolve(Release.KEY));
        var violations = ReleaseCheck.violations(folder);
        assertEquals(1, violations.size());
        assertTrue(
                violations.getFirst().startsWith("signing-key.asc: no public key can be read from it: "),
                violations::toString);
    }

    @ParameterizedTest
    @CsvSource({
        ".jar, META-INF/LICENSE",
        ".jar, META-INF/NOTICE",
        ".jar, module-info.class",
        "-sources.jar, META-INF/LICENSE",
        "-sources.jar, META-INF/NOTICE",
        "-sources.jar, module-info.java",
        "-javadoc.jar, META-INF/LICENSE",
        "-javadoc.jar, META-INF/NOTICE",
        "-javadoc.jar, index.html"
    })
    void what_a_jar_lacks_is_named(String jar, String entry) throws Exception {
        release.entries("ws-core" + jar).remove(entry);
        write();
        assertViolations("ws-core-1.0" + jar + ": has no " + entry);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"org/example/Other.class", "io/github/postern/ws/server/Own.class", "Own.class", "lib/other.jar"
            })
    void a_jar_holds_nothing_of_others(String entry) throws Exception {
        release.entries("ws-core.jar").put(entry, new byte[40]);
        write();
        assertViolations("ws-core-1.0.jar: holds what is not its module's: " + entry);
    }

    @Test
    void a_module_does_not_owe_its_name_to_the_manifest() throws Exception {
        release.without("ws-server").replace("ws-bom", "<dependency>.*ws-server.*</dependency>", "");
        release.manifest().getMainAttributes().putValue("Automatic-Module-Name", "ws");
        write();
        assertViolations(Stream.of(".jar", "-sources.jar", "-javadoc.jar")
                .map(ending -> "ws-core-1.0" + ending + ": has an Automatic-Module-Name")
                .toArray(String[]::new));
    }

    @Test
    void a_jar_that_is_none_is_named() throws Exception {
        release.entries("ws-core.jar").put("module-info.class", new byte[40]);
        write();
        var violations = ReleaseCheck.violations(folder);
        assertEquals(1, violations.size());
        assertTrue(violations.getFirst().startsWith("ws-core-1.0.jar: cannot be read: "), violations::toString);
    }

    @Test
    void the_server_and_what_it_needs_keep_to_their_size() throws Exception {
        write();
        var server = folder.resolve("io/github/postern/ws-server/1.0/ws-server-1.0.jar");
        int most = (int) (SizeRule.LIMIT - Files.size(server));
        Files.write(core(".jar"), new byte[most]);
        assertEquals(List.of(), new SizeRule().violations(Release.in(folder)));
        Files.write(core(".jar"), new byte[most + 1]);
        assertEquals(
                List.of("the jars of ws-core, ws-connection and ws-server are larger than " + SizeRule.LIMIT
                        + " bytes: " + (SizeRule.LIMIT + 1)),
                new SizeRule().violations(Release.in(folder)));
    }

    @Test
    void a_release_that_is_too_large_is_found() throws Exception {
        var large = new byte[(int) SizeRule.LIMIT];
        new Random(1).nextBytes(large); // which a jar does not make smaller
        release.entries("ws-core.jar").put("io/github/postern/ws/core/large", large);
        write();
        var server = folder.resolve("io/github/postern/ws-server/1.0/ws-server-1.0.jar");
        var excess = SizeRule.LIMIT + " bytes: " + (Files.size(core(".jar")) + Files.size(server));
        assertViolations("the jars of ws-core, ws-connection and ws-server are larger than " + excess);
    }

    @Test
    void third_parties_are_what_is_not_ours() throws Exception {
        write();
        var release = Release.in(folder);
        assertEquals(List.of(new Coordinates("org.example", "other", "3")), ThirdParty.dependencies(release));
        assertTrue(ThirdParty.pom(release).contains("<artifactId>other</artifactId>"));
    }
}
