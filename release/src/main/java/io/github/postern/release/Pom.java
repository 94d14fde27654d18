package io.github.postern.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** A POM as it is written: nothing is inherited, and no variable replaced. */
record Pom(Path file, Element project) {
    /** @throws SAXException if it is no XML, naming the file */
    static Pom read(Path file) throws IOException, SAXException {
        try (var in = Files.newInputStream(file)) {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var parser = factory.newDocumentBuilder();
            parser.setErrorHandler(null); // which would print what is thrown
            return new Pom(file, parser.parse(in).getDocumentElement());
        } catch (SAXException e) {
            throw new SAXException(file.getFileName() + ": is no POM: " + e.getMessage(), e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    Coordinates coordinates() {
        return coordinates(project);
    }

    /** What the first element at a path, {@code scm/url}, says, unless that is nothing. */
    Optional<String> text(String path) {
        return elements(path)
                .map(element -> element.getTextContent().strip())
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    /** The names of the elements at the top. */
    Stream<String> sections() {
        return children(project).map(Element::getTagName);
    }

    List<Dependency> dependencies() {
        return dependencies("dependencies/dependency");
    }

    /** Those for which it only says the version. */
    List<Dependency> managed() {
        return dependencies("dependencyManagement/dependencies/dependency");
    }

    private List<Dependency> dependencies(String path) {
        return elements(path)
                .map(element -> new Dependency(coordinates(element), text(element, "scope")))
                .toList();
    }

    private Stream<Element> elements(String path) {
        var found = Stream.of(project);
        for (var name : path.split("/", -1)) {
            found = found.flatMap(element -> children(element, name));
        }
        return found;
    }

    private static Coordinates coordinates(Element element) {
        return new Coordinates(text(element, "groupId"), text(element, "artifactId"), text(element, "version"));
    }

    private static String text(Element parent, String name) {
        return children(parent, name)
                .map(element -> element.getTextContent().strip())
                .findFirst()
                .orElse("");
    }

    private static Stream<Element> children(Element parent, String name) {
        return children(parent).filter(element -> element.getTagName().equals(name));
    }

    private static Stream<Element> children(Element parent) {
        var nodes = parent.getChildNodes();
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast);
    }
}
