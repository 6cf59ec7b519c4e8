import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Sums up Surefire's reports of all modules: counts, and every failed or skipped test by name and reason.
///
/// Run as a source file: `java dev/TestReport.java DIRECTORY`. Exits with 1 when a test failed or none ran.
class TestReport {
    private int run;
    private final List<String> failed = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        TestReport report = new TestReport();
        for (Path file : reports(Path.of(arguments[0]))) {
            report.read(file);
        }
        report.print();
        System.exit(report.failed.isEmpty() && report.run > 0 ? 0 : 1);
    }

    private static List<Path> reports(Path top) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var modules = Files.newDirectoryStream(top, Files::isDirectory)) {
            for (Path module : modules) {
                Path directory = module.resolve("target/surefire-reports");
                if (Files.isDirectory(directory)) {
                    try (var files = Files.newDirectoryStream(directory, "TEST-*.xml")) {
                        files.forEach(found::add);
                    }
                }
            }
        }
        found.sort(null);
        return found;
    }

    private void read(Path file) throws Exception {
        NodeList cases =
                DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(file.toFile())
                        .getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            String name = test.getAttribute("classname") + "." + test.getAttribute("name");
            String skipReason = reason(test, "skipped");
            String failure = reason(test, "failure");
            String error = reason(test, "error");
            if (skipReason != null) {
                skipped.add(name + ": " + skipReason);
            } else {
                run++;
            }
            if (failure != null || error != null) {
                failed.add(name + ": " + (failure != null ? failure : error));
            }
        }
    }

    /// The first line of what the element `kind` of a test says, or null when the test has no such element.
    private static String reason(Element test, String kind) {
        NodeList found = test.getElementsByTagName(kind);
        if (found.getLength() == 0) {
            return null;
        }
        Element element = (Element) found.item(0);
        String text = element.getAttribute("message");
        return (text.isBlank() ? element.getTextContent() : text)
                .strip()
                .lines()
                .findFirst()
                .map(line -> line.replaceFirst("^org\\.opentest4j\\.\\w+: ", ""))
                .orElse("no reason given");
    }

    private void print() {
        System.out.printf("Tests: %d run, %d failed, %d skipped%n", run, failed.size(), skipped.size());
        failed.forEach(test -> System.out.println("  failed   " + test));
        skipped.forEach(test -> System.out.println("  skipped  " + test));
    }
}
