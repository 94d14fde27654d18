package io.github.postern.verify.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a page says of others: links lead somewhere, and figures are those of the page they are quoted from. */
class PagesTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final String QUOTATION = "<!-- quoted from docs/performance.md -->";
    private static final String QUOTATION_END = "<!-- end of the quotation -->";

    /** All of them, but for what a build has made. */
    private static List<Path> pages() throws IOException {
        var pages = new ArrayList<Path>();
        Files.walkFileTree(CodeBlock.ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                var name = CodeBlock.ROOT.relativize(folder).getFileName().toString();
                boolean made = name.equals("target") || name.equals("node_modules") || name.startsWith(".");
                return made ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    pages.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return pages;
    }

    private static String prose(Path page) {
        try {
            return FENCED.matcher(Files.readString(page)).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void every_link_leads_to_a_file_and_a_heading_that_are_there() throws IOException {
        var broken = new ArrayList<String>();
        int checked = 0;
        for (var page : pages()) {
            var links = LINK.matcher(prose(page));
            while (links.find()) {
                checked++;
                var target = page.resolveSibling(links.group(1)).normalize();
                var file = links.group(1).isEmpty() ? page : target;
                boolean there = Files.exists(file)
                        && (links.group(2) == null || anchors(file).contains(links.group(2)));
                if (!there) {
                    broken.add(CodeBlock.ROOT.relativize(page) + " " + links.group());
                }
            }
        }
        assertEquals(List.of(), broken);
        assertTrue(checked > 100, "only " + checked + " links");
    }

    /** As the hosts of repositories make them of headings. */
    private static List<String> anchors(Path page) {
        return HEADING.matcher(prose(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Test
    void figures_of_the_readme_are_those_of_the_page_they_come_from() throws IOException {
        var readme = Files.readString(CodeBlock.ROOT.resolve("README.md"));
        int begin = readme.indexOf(QUOTATION);
        int end = readme.indexOf(QUOTATION_END);
        assertTrue(0 < begin && begin < end, "no quotation");
        var quoted = rows(readme.substring(begin, end));
        var servers = Arrays.asList(quoted.getFirst());
        assertTrue(quoted.size() > 5, "no rows");
        for (var row : quoted.subList(1, quoted.size())) {
            var table = row[1].split(": ", 2);
            var source = source(table[0]);
            var columns = Arrays.asList(source.getFirst());
            var figures = source.stream()
                    .filter(candidate -> candidate[1].equals(table[1]))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no such row: " + row[1]));
            for (int i = 2; i < row.length; i++) {
                int column = columns.indexOf(servers.get(i));
                assertEquals(figures[column], row[i], row[1] + ", " + servers.get(i));
            }
        }
    }

    /** The rows of a table, each with its cells from index 1 on, without the line below the heads. */
    private static List<String[]> rows(String text) {
        return text.lines()
                .filter(line -> line.startsWith("|") && !line.startsWith("|-") && !line.startsWith("| -"))
                .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toArray(String[]::new))
                .collect(Collectors.toList());
    }

    /** The table of that name among those of whole servers. */
    private static List<String[]> source(String name) throws IOException {
        var page = Files.readString(CodeBlock.ROOT.resolve("docs/performance.md"));
        var tables = page.substring(page.indexOf("<!-- servers -->")).split("(?m)^### ");
        return Stream.of(tables)
                .filter(table -> table.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .map(PagesTest::rows)
                .orElseThrow(() -> new AssertionError("no such table: " + name));
    }
}
