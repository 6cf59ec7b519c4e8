package io.tamada.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What no compiler checks: clocks only behind their port, no notes to self, nothing of one
/// machine, links that lead somewhere.
class HygieneTest {

    private static final Pattern CLOCK =
            Pattern.compile(
                    "\\bThread\\.sleep\\(|\\bTimeUnit\\.\\w+\\.sleep\\(|\\bcurrentTimeMillis\\(|\\bnanoTime\\("
                            + "|\\b(Instant|LocalDate|LocalTime|LocalDateTime|OffsetDateTime|ZonedDateTime|Year)\\.now\\("
                            + "|\\bClock\\.(system|tick)\\w*\\(");

    /// The only files that may read a clock or sleep, each with its reason.
    private static final Map<String, String> CLOCK_OWNERS =
            Map.of(
                    "ha-core/src/main/java/io/tamada/ha/time/SystemTime.java",
                    "the port's real clocks",
                    "testkit/src/main/java/io/tamada/testkit/Eventually.java",
                    "waits for real servers",
                    "testkit/src/main/java/io/tamada/testkit/Waiter.java",
                    "the real one of two ways to wait",
                    "simulator/src/main/java/io/tamada/simulator/Campaign.java",
                    "tells people how fast it goes",
                    "dcs-raft/src/",
                    "a network of its own, with time-outs on real sockets",
                    "dcs-etcd/src/test/",
                    "waits for real servers",
                    "dcs-consul/src/",
                    "waits for real servers",
                    "dcs-zookeeper/src/",
                    "waits for real servers",
                    "pg-manager/src/",
                    "polls processes and files that tell nobody when they change",
                    "dev/",
                    "programs that watch a cluster from outside");

    /// With a `#` right before it, it is what a generated configuration leaves to its reader.
    private static final Pattern NOTE_TO_SELF =
            Pattern.compile("\\b(TO" + "DO|(?<!#)FIX" + "ME|XX" + "X)\\b");

    /// Paths and servers that exist for one person only. A product runs from anywhere and downloads
    /// from wherever it is told to.
    private static final Pattern ONE_MACHINE =
            Pattern.compile(
                    "(?<![\\w$}.])/(work|root|home/\\w+|Users/\\w+)/"
                            + "|\\b(repo1?\\.maven|repo\\.maven\\.apache|deb\\.debian|security\\.debian|snapshot\\.debian"
                            + "|archive\\.ubuntu|apt\\.postgresql|repo\\.spring|plugins\\.gradle|proxy\\.golang"
                            + "|registry\\.npmjs|pypi)\\.(org|com|io)\\b");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)(?:\\s+\"[^\"]*\")?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+\\s+(.*)$", Pattern.MULTILINE);
    private static final Pattern CODE_BLOCK =
            Pattern.compile("(?ms)^\\s*```.*?^\\s*```|`[^`\\n]*`");

    private static final String THIS = "dist/src/test/java/io/tamada/dist/HygieneTest.java";

    @Test
    void clocksAreReadOnlyBehindTheirPort() {
        List<String> found = new ArrayList<>();
        for (Path file : SourceTree.files(SourceTree.TOP, name -> name.endsWith(".java"))) {
            String name = SourceTree.name(file);
            if (CLOCK_OWNERS.keySet().stream().noneMatch(name::startsWith) && !name.equals(THIS)) {
                found.addAll(
                        matches(file, SourceTree.withoutComments(SourceTree.text(file)), CLOCK));
            }
        }
        assertThat(found)
                .as(
                        "time comes from a TimeSource, waiting from testkit's Eventually; an exception goes into CLOCK_OWNERS")
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        assertThat(inAllTexts(NOTE_TO_SELF)).isEmpty();
    }

    @Test
    void nothingBelongsToOneMachine() {
        assertThat(inAllTexts(ONE_MACHINE)).isEmpty();
    }

    @Test
    void linksInDocumentsLeadSomewhere() {
        List<String> dead = new ArrayList<>();
        for (Path file : SourceTree.files(SourceTree.TOP, name -> name.endsWith(".md"))) {
            Matcher links = LINK.matcher(CODE_BLOCK.matcher(SourceTree.text(file)).replaceAll(""));
            while (links.find()) {
                String link = links.group(1);
                if (!link.contains("://")
                        && !link.startsWith("mailto:")
                        && !leadsSomewhere(file, link)) {
                    dead.add(SourceTree.name(file) + ": " + link);
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    private static boolean leadsSomewhere(Path from, String link) {
        int mark = link.indexOf('#');
        String path = mark < 0 ? link : link.substring(0, mark);
        Path target = path.isEmpty() ? from : from.resolveSibling(path).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return mark < 0
                || !target.toString().endsWith(".md")
                || anchors(target).contains(link.substring(mark + 1));
    }

    /// The names under which the headings of a document can be linked to.
    private static Set<String> anchors(Path document) {
        return HEADING.matcher(SourceTree.text(document))
                .results()
                .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static List<String> inAllTexts(Pattern unwanted) {
        List<String> found = new ArrayList<>();
        for (Path file :
                SourceTree.files(
                        SourceTree.TOP, name -> !name.equals(THIS) && !name.equals("LICENSE"))) {
            String text = SourceTree.text(file);
            if (text.indexOf('\0') < 0) {
                found.addAll(matches(file, text, unwanted));
            }
        }
        return found;
    }

    private static List<String> matches(Path file, String text, Pattern unwanted) {
        List<String> found = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (unwanted.matcher(line).find()) {
                found.add(SourceTree.name(file) + ":" + number + ": " + line.strip());
            }
        }
        return found;
    }
}
