package io.tamada.dist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/// A POM as it is written, nothing inherited or resolved.
record Pom(Element project) {

    static Pom read(Path directory) {
        Path file = directory.resolve("pom.xml");
        try {
            return new Pom(
                    DocumentBuilderFactory.newDefaultInstance()
                            .newDocumentBuilder()
                            .parse(file.toFile())
                            .getDocumentElement());
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    /// A dependency as declared; `scope` is `compile` where none is written.
    record Dependency(String groupId, String artifactId, String version, String scope) {}

    List<Dependency> dependencies() {
        return declared("dependencies");
    }

    List<Dependency> managedDependencies() {
        return declared("dependencyManagement", "dependencies");
    }

    private List<Dependency> declared(String... path) {
        return elements(path, "dependency").stream()
                .map(element -> {
                    Pom dependency = new Pom(element);
                    String scope = dependency.text("scope");
                    return new Dependency(
                            dependency.text("groupId"),
                            dependency.text("artifactId"),
                            dependency.text("version"),
                            scope.isEmpty() ? "compile" : scope);
                })
                .toList();
    }

    /// The text at a path, empty when there is nothing.
    String text(String... path) {
        List<Element> found = List.of(project);
        for (String name : path) {
            found = found.stream().flatMap(element -> children(element, name).stream()).toList();
        }
        return found.isEmpty() ? "" : found.getFirst().getTextContent().strip();
    }

    List<String> texts(String list, String item) {
        return elements(new String[] {list}, item).stream()
                .map(element -> element.getTextContent().strip())
                .toList();
    }

    private List<Element> elements(String[] path, String name) {
        List<Element> found = List.of(project);
        for (String step : path) {
            found = found.stream().flatMap(element -> children(element, step).stream()).toList();
        }
        return found.stream().flatMap(element -> children(element, name).stream()).toList();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
