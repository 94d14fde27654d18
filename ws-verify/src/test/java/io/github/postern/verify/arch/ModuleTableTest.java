package io.github.postern.verify.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The table of modules in the README: their names, how large their jars are, and what they bring along. */
class ModuleTableTest {
    private static final Pattern TABLE = Pattern.compile("(?s)<!-- modules -->(.*)<!-- end of modules -->");
    private static final Pattern SIZE = Pattern.compile("(\\d+)0 KB");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** What the manifest and Maven's own files add to a jar, at most. */
    private static final int ADDED = 4_000;

    /** A size that is stated may be so much above the real one, so that it stays true for a while. */
    private static final int SLACK = 20_000;

    /** The cells of a row: artifact, module, what it holds, size, dependencies. */
    private record Row(String artifact, String module, String size, String dependencies) {}

    private static List<Row> rows() throws IOException {
        var readme = Files.readString(PosternModule.root().resolve("README.md"));
        var table = TABLE.matcher(readme);
        assertTrue(table.find(), "no table");
        return table.group(1)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1))
                .map(cells -> new Row(cells[1].strip(), cells[2].strip(), cells[4].strip(), cells[5].strip()))
                .toList();
    }

    private static Row row(PosternModule module) throws IOException {
        return rows().stream()
                .filter(row -> row.artifact().equals("`" + module.folder() + "`"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row for " + module.folder()));
    }

    @Test
    void every_library_module_has_a_row_and_nothing_else_has() throws IOException {
        assertEquals(PosternModule.LIBRARIES.size(), rows().size());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SAMPLES")
    void the_name_of_the_module_is_its_own(PosternModule module) throws IOException {
        assertEquals("`" + module.packageName() + "`", row(module).module());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SAMPLES")
    void the_jar_has_not_more_than_the_row_says_and_not_much_less(PosternModule module) throws IOException {
        var stated = SIZE.matcher(row(module).size());
        assertTrue(stated.matches(), () -> "not a multiple of 10 KB: " + stated);
        int most = Integer.parseInt(stated.group(1)) * 10_000;
        long real = packed(module.classes()) + ADDED;
        assertTrue(
                real <= most && most - real < SLACK,
                () -> module.folder() + " has " + real + " bytes: state " + (real + 5_000) / 10_000 * 10 + " to "
                        + (real + SLACK - 1) / 10_000 * 10 + " KB, not " + most / 1_000);
    }

    /** How large a jar of a folder is. */
    private static long packed(Path folder) throws IOException {
        var counter = new Counter();
        try (var zip = new ZipOutputStream(counter)) {
            for (var file : PosternModule.files(folder, "")) {
                if (Files.isRegularFile(file)) {
                    zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                    Files.copy(file, zip);
                    zip.closeEntry();
                }
            }
        }
        return counter.bytes;
    }

    private static final class Counter extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            bytes += length;
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SAMPLES")
    void the_dependencies_are_those_of_the_pom(PosternModule module) throws Exception {
        var stated = CODE.matcher(row(module).dependencies())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertEquals(dependencies(module), stated);
        if (stated.isEmpty()) {
            assertEquals("nothing", row(module).dependencies());
        }
    }

    /** What somebody who depends on a module gets as well. */
    private static List<String> dependencies(PosternModule module) throws Exception {
        var pom = PosternModule.root().resolve(module.folder()).resolve("pom.xml");
        var project = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(pom.toFile())
                .getDocumentElement();
        var artifacts = new ArrayList<String>();
        for (var dependencies : children(project, "dependencies")) {
            for (var dependency : children(dependencies, "dependency")) {
                var scope = children(dependency, "scope").stream()
                        .map(Element::getTextContent)
                        .findFirst()
                        .orElse("compile");
                boolean isOptional = children(dependency, "optional").stream()
                        .anyMatch(optional -> optional.getTextContent().equals("true"));
                if (List.of("compile", "runtime").contains(scope) && !isOptional) {
                    artifacts.add(children(dependency, "artifactId").getFirst().getTextContent());
                }
            }
        }
        return artifacts;
    }

    private static List<Element> children(Element parent, String name) {
        return Stream.iterate(parent.getFirstChild(), child -> child != null, Node::getNextSibling)
                .filter(child -> child.getNodeName().equals(name))
                .map(Element.class::cast)
                .toList();
    }
}
