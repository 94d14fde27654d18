package io.github.postern.release;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;

/** A small release with nothing wrong: ws-core, ws-server that depends on it, and their BOM. Tests change it and write it out. */
final class SampleRelease {
    private static final Map<String, String> CHECKSUMS =
            Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256", "sha512", "SHA-512");

    /** Compiled once for all tests. */
    private static final byte[] CORE = descriptor("io.github.postern.ws.core");

    private static final byte[] SERVER = descriptor("io.github.postern.ws.server");

    private final String version;
    private final Map<String, String> poms = new LinkedHashMap<>();
    private final Map<String, Map<String, byte[]>> jars = new LinkedHashMap<>();
    private final Manifest manifest = new Manifest();

    SampleRelease(String version) {
        this.version = version;
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        poms.put("ws-core", pom("ws-core", "jar", ""));
        poms.put("ws-server", pom("ws-server", "jar", """
                <dependencies>
                  %s
                  <dependency>
                    <groupId>org.example</groupId><artifactId>other</artifactId><version>3</version><scope>runtime</scope>
                  </dependency>
                </dependencies>
                """.formatted(dependency("ws-core"))));
        poms.put("ws-bom", pom("ws-bom", "pom", """
                <dependencyManagement><dependencies>
                  %s
                  %s
                </dependencies></dependencyManagement>
                """.formatted(dependency("ws-core"), dependency("ws-server"))));
        jars("ws-core", CORE, "io/github/postern/ws/core/Own");
        jars("ws-server", SERVER, "io/github/postern/ws/server/Own");
    }

    private String pom(String artifactId, String packaging, String more) {
        return """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                <modelVersion>4.0.0</modelVersion>
                <groupId>io.github.postern</groupId>
                <artifactId>%s</artifactId>
                <version>%s</version>
                <packaging>%s</packaging>
                <name>a name</name>
                <description>what it is</description>
                <url>https://example.org/</url>
                <licenses><license><name>a licence</name><url>https://example.org/licence</url></license></licenses>
                <developers><developer><name>somebody</name></developer></developers>
                <scm><url>https://example.org/</url><connection>scm:git:a</connection><developerConnection>scm:git:b</developerConnection></scm>
                %s</project>
                """.formatted(artifactId, version, packaging, more);
    }

    private String dependency(String artifactId) {
        return "<dependency><groupId>io.github.postern</groupId><artifactId>" + artifactId + "</artifactId><version>"
                + version + "</version></dependency>";
    }

    private void jars(String artifactId, byte[] descriptor, String own) {
        jar(artifactId + ".jar", "module-info.class", descriptor, own + ".class", new byte[40]);
        jar(artifactId + "-sources.jar", "module-info.java", new byte[40], own + ".java", new byte[40]);
        jar(artifactId + "-javadoc.jar", "index.html", new byte[40], own + ".html", new byte[40]);
    }

    private void jar(String name, String first, byte[] itsContent, String second, byte[] contentOfSecond) {
        var entries = new TreeMap<String, byte[]>();
        entries.put("META-INF/LICENSE", new byte[10]);
        entries.put("META-INF/NOTICE", new byte[10]);
        entries.put(first, itsContent);
        entries.put(second, contentOfSecond);
        jars.put(name, entries);
    }

    private static byte[] descriptor(String module) {
        try {
            var folder = Files.createTempDirectory("descriptor");
            var source = Files.writeString(folder.resolve("module-info.java"), "module " + module + " {}");
            var compiled = folder.resolve("module-info.class");
            if (ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString()) != 0) {
                throw new IllegalStateException("cannot be compiled: " + module);
            }
            var content = Files.readAllBytes(compiled);
            Files.delete(compiled);
            Files.delete(source);
            Files.delete(folder);
            return content;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces what a POM says, which must be there. */
    SampleRelease replace(String artifactId, String pattern, String replacement) {
        poms.compute(artifactId, (id, pom) -> {
            var changed = pom.replaceFirst(pattern, replacement);
            if (changed.equals(pom)) {
                throw new IllegalArgumentException("not in the POM: " + pattern);
            }
            return changed;
        });
        return this;
    }

    SampleRelease without(String artifactId) {
        poms.remove(artifactId);
        return this;
    }

    /** The files in a jar by their names, to be changed. */
    Map<String, byte[]> entries(String jar) {
        return Objects.requireNonNull(jars.get(jar), jar);
    }

    /** That of all jars. */
    Manifest manifest() {
        return manifest;
    }

    void write(Path folder, PGPSecretKeyRing key) throws IOException, PGPException {
        for (var pom : poms.entrySet()) {
            publish(folder, pom.getKey(), ".pom", pom.getValue().getBytes(StandardCharsets.UTF_8), key);
            if (jars.containsKey(pom.getKey() + ".jar")) {
                for (var ending : new String[] {".jar", "-sources.jar", "-javadoc.jar"}) {
                    publish(folder, pom.getKey(), ending, jar(entries(pom.getKey() + ending)), key);
                }
                publish(folder, pom.getKey(), "-cyclonedx.json", "{}".getBytes(StandardCharsets.UTF_8), key);
            }
        }
        try (var out = ArmoredOutputStream.builder().build(Files.newOutputStream(folder.resolve(Release.KEY)))) {
            key.toCertificate().encode(out);
        }
    }

    private void publish(Path folder, String artifactId, String ending, byte[] content, PGPSecretKeyRing key)
            throws IOException, PGPException {
        var file = folder.resolve("io/github/postern")
                .resolve(artifactId)
                .resolve(version)
                .resolve(artifactId + "-" + version + ending);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        Files.write(file.resolveSibling(file.getFileName() + ".asc"), signature(content, key));
        for (var checksum : CHECKSUMS.entrySet()) {
            Files.writeString(
                    file.resolveSibling(file.getFileName() + "." + checksum.getKey()),
                    ChecksumRule.digest(checksum.getValue(), content));
        }
    }

    private byte[] jar(Map<String, byte[]> entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var jar = new JarOutputStream(bytes, manifest)) {
            for (var entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    static byte[] signature(byte[] content, PGPSecretKeyRing key) throws IOException, PGPException {
        var publicKey = key.getPublicKey();
        var generator = new PGPSignatureGenerator(
                new BcPGPContentSignerBuilder(publicKey.getAlgorithm(), HashAlgorithmTags.SHA512), publicKey);
        generator.init(PGPSignature.BINARY_DOCUMENT, key.getSecretKey().extractPrivateKey(null));
        generator.update(content);
        var bytes = new ByteArrayOutputStream();
        try (var out = ArmoredOutputStream.builder().build(bytes)) {
            generator.generate().encode(out);
        }
        return bytes.toByteArray();
    }
}
