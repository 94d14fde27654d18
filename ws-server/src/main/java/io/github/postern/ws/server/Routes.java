package io.github.postern.ws.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a path. Plain paths are one look-up; the templates with parameters are a tree of segments, of which a look-up visits
 * few. A literal wins over a parameter. Immutable once built.
 */
final class Routes {
    private final Map<String, Route> plain = new HashMap<>();
    private final Node root = new Node();

    /** What a path leads to, and what its parameters are. */
    record Match(Route route, Map<String, String> parameters) {}

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private @Nullable Node parameter;
        private @Nullable Route route;
    }

    Routes(Collection<Route> routes) {
        routes.forEach(this::add);
    }

    private void add(Route route) {
        var template = route.template();
        if (template.parameters().isEmpty()) {
            plain.put(template.text(), route);
            return;
        }
        var node = root;
        for (var segment : template.segments()) {
            node = segment.isParameter() ? parameter(node) : literal(node, segment.text());
        }
        node.route = route;
    }

    private static Node parameter(Node node) {
        var next = node.parameter;
        if (next == null) {
            next = new Node();
            node.parameter = next;
        }
        return next;
    }

    private static Node literal(Node node, String text) {
        return node.literals.computeIfAbsent(text, t -> new Node());
    }

    /**
     * The route of a path.
     *
     * @param path decoded, in the one form that {@link io.github.postern.ws.core.handshake.HandshakeRequest#path} gives
     */
    @Nullable
    Match find(String path) {
        var route = plain.get(path);
        if (route != null) {
            return new Match(route, Map.of());
        }
        var values = new ArrayList<String>();
        route = find(root, path, 0, values);
        return route == null ? null : new Match(route, parameters(route, values));
    }

    /** The route below a node for what the path holds from a slash on. Visits each node at most once. */
    private static @Nullable Route find(Node node, String path, int slash, List<String> values) {
        if (slash == path.length()) {
            return node.route;
        }
        int next = path.indexOf('/', slash + 1);
        int end = next < 0 ? path.length() : next;
        var segment = path.substring(slash + 1, end);
        var literal = node.literals.get(segment);
        var found = literal == null ? null : find(literal, path, end, values);
        var parameter = node.parameter;
        if (found == null && parameter != null && !segment.isEmpty()) {
            values.addLast(segment);
            found = find(parameter, path, end, values);
            if (found == null) {
                values.removeLast();
            }
        }
        return found;
    }

    private static Map<String, String> parameters(Route route, List<String> values) {
        var names = route.template().parameters();
        var parameters = new HashMap<String, String>();
        for (int i = 0; i < names.size(); i++) {
            parameters.put(names.get(i), values.get(i));
        }
        return Map.copyOf(parameters);
    }
}
