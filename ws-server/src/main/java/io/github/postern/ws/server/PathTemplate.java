package io.github.postern.ws.server;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A path whose segments are either literal or a parameter in braces, which stands for exactly one segment that is not empty. Compared
 * with paths that are decoded already.
 *
 * @param text as the application wrote it
 * @param segments what stands between its slashes, at least one
 */
record PathTemplate(String text, List<Segment> segments) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    /** What no literal may hold: wildcards that we do not have, escapes, and what no path on the wire can mean. */
    private static final String FORBIDDEN = "{}*?#%\\";

    /**
     * One segment.
     *
     * @param text the literal, or the parameter's name
     * @param isParameter which of the two it is
     */
    record Segment(String text, boolean isParameter) {}

    /**
     * Takes a template apart.
     *
     * @throws IllegalArgumentException if it is malformed; the message names it
     */
    static PathTemplate parse(String text) {
        require(text.startsWith("/"), "does not begin with a slash", text);
        var segments = List.of(text.substring(1).split("/", -1)).stream()
                .map(segment -> segment(segment, text))
                .toList();
        var names = new HashSet<String>();
        for (var segment : segments) {
            require(!segment.isParameter() || names.add(segment.text()), "names a parameter twice", text);
        }
        return new PathTemplate(text, segments);
    }

    private static Segment segment(String segment, String template) {
        if (segment.startsWith("{") && segment.endsWith("}")) {
            var name = segment.substring(1, segment.length() - 1);
            require(NAME.matcher(name).matches(), "has a parameter whose name is not a word", template);
            return new Segment(name, true);
        }
        require(
                segment.chars().allMatch(c -> c >= ' ' && c != 0x7F && FORBIDDEN.indexOf(c) < 0),
                "holds a control character or one of " + FORBIDDEN + " in a literal segment",
                template);
        require(!segment.equals(".") && !segment.equals(".."), "has a dot segment", template);
        return new Segment(segment, false);
    }

    private static void require(boolean fact, String fault, String template) {
        if (!fact) {
            throw new IllegalArgumentException("path " + fault + ": " + template);
        }
    }

    /** The names of the parameters, in their order. */
    List<String> parameters() {
        return segments.stream().filter(Segment::isParameter).map(Segment::text).toList();
    }

    /** Whether there is a path that both match, and neither of them is the more specific one. */
    boolean isAmbiguousWith(PathTemplate other) {
        return segments.size() == other.segments.size()
                && overlaps(other)
                && isLiteralFirst(other) == other.isLiteralFirst(this);
    }

    private boolean overlaps(PathTemplate other) {
        return IntStream.range(0, segments.size()).allMatch(i -> {
            var ours = segments.get(i);
            var theirs = other.segments.get(i);
            if (ours.isParameter() || theirs.isParameter()) {
                return !ours.text().isEmpty() && !theirs.text().isEmpty();
            }
            return ours.text().equals(theirs.text());
        });
    }

    /** Whether this one has a literal somewhere where the other has a parameter. */
    private boolean isLiteralFirst(PathTemplate other) {
        return IntStream.range(0, segments.size())
                .anyMatch(i ->
                        !segments.get(i).isParameter() && other.segments.get(i).isParameter());
    }
}
