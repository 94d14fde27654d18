package io.github.postern.verify.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of code on a page.
 *
 * @param page the page, from the project's folder on
 * @param line the line of its first fence
 * @param language what follows the fence; empty for none
 * @param directives what the comments directly above it say, by their keys
 * @param code its lines, each with its LF, without the indentation of the fence
 */
record CodeBlock(Path page, int line, String language, Map<String, String> directives, String code) {
    /** What a reader may copy from: README and guide. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern FENCE = Pattern.compile("( *)```(\\w*)");
    private static final Pattern DIRECTIVE = Pattern.compile(" *<!-- (given|example): (.*?) -->", Pattern.DOTALL);

    /** Those of README and guide, in their order. */
    static List<CodeBlock> all() {
        try (var guide = Files.list(ROOT.resolve("docs/guide"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), guide.sorted())
                    .flatMap(page -> of(page).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one that is called so by its directive {@code example}. */
    static CodeBlock example(String name) {
        var found = all().stream()
                .filter(block -> name.equals(block.directives.get("example")))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " examples are called " + name);
        }
        return found.getFirst();
    }

    private static List<CodeBlock> of(Path page) {
        try {
            return parse(ROOT.relativize(page), Files.readString(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The blocks of a page.
     *
     * @throws IllegalArgumentException if a fence is not closed, or a comment is not directly above a fence
     */
    static List<CodeBlock> parse(Path page, String text) {
        var blocks = new ArrayList<CodeBlock>();
        var lines = text.lines().toList();
        var directives = new TreeMap<String, String>();
        for (int i = 0; i < lines.size(); i++) {
            var fence = FENCE.matcher(lines.get(i));
            var directive = DIRECTIVE.matcher(lines.get(i));
            if (directive.matches()) {
                directives.put(directive.group(1), directive.group(2));
            } else if (fence.matches()) {
                int end = end(page, lines, i, fence);
                var code = new StringBuilder();
                for (var line : lines.subList(i + 1, end)) {
                    code.append(
                                    line.startsWith(fence.group(1))
                                            ? line.substring(fence.group(1).length())
                                            : line)
                            .append('\n');
                }
                blocks.add(new CodeBlock(page, i + 1, fence.group(2), Map.copyOf(directives), code.toString()));
                directives.clear();
                i = end;
            } else if (!directives.isEmpty()) {
                throw new IllegalArgumentException(page + ":" + i + ": comment that stands above no block");
            }
        }
        return blocks;
    }

    private static int end(Path page, List<String> lines, int begin, Matcher fence) {
        for (int i = begin + 1; i < lines.size(); i++) {
            if (lines.get(i).equals(fence.group(1) + "```")) {
                return i;
            }
        }
        throw new IllegalArgumentException(page + ":" + (begin + 1) + ": block without an end");
    }

    @Override
    public String toString() {
        return page + ":" + line;
    }
}
