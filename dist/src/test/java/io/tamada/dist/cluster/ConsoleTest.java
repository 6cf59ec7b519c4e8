package io.tamada.dist.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tamada.dist.Programs;
import io.tamada.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console in a real browser, before a real cluster. Screenshots are left in `target/console`.
@Tag("integration")
class ConsoleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TAB = "\uE004";
    private static final String ENTER = "\uE007";
    private static final String ESCAPE = "\uE00C";
    private static final int PHONE = 390;
    private static final int DESKTOP = 1280;

    @TempDir private static Path folder;

    private static TestCluster cluster;
    private WebDriver browser;
    private TestMember host;

    @BeforeAll
    static void startCluster() throws IOException {
        assumeTrue(
                Programs.find("chromedriver").isPresent() && Programs.find("chromium").isPresent(),
                "Chromium and its driver are not installed (Debian: chromium, chromium-driver)");
        cluster = TestCluster.start(Files.createDirectory(folder.resolve("cluster")));
    }

    @AfterAll
    static void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /// Opens the console of a replica: every member serves it, and passes on what is for others.
    @BeforeEach
    void open() throws IOException {
        cluster.awaitWhole();
        TestMember leader = cluster.awaitPrimary();
        host = cluster.members().stream().filter(m -> m != leader).findFirst().orElseThrow();
        browser = WebDriver.start(Files.createTempDirectory(folder, "browser"));
        browser.use("light", DESKTOP, 900);
        browser.open(host.uri("/console/"));
        Eventually.await(
                "the members are shown",
                PATIENCE,
                () ->
                        browser.run("return document.querySelectorAll('#members tr').length")
                                .equals("3"));
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void aSwitchoverIsDoneWithTheKeyboardAlone() throws IOException {
        TestMember before = cluster.awaitPrimary();
        tabTo("Switchover…");
        browser.type(ENTER);
        Eventually.await(
                "the dialog asks", () -> dialogTitle().equals("Switchover from " + before.name()));
        browser.type(host.name());
        tabTo("Switch over");
        browser.type(ENTER);
        signIn("not-it");
        signIn(TestCluster.PASSWORD);
        awaitMessage("Successfully switched over to \"" + host.name() + "\"");

        assertThat(cluster.awaitPrimary().name()).isEqualTo(host.name());
        Eventually.await(
                "the console shows the new leader",
                PATIENCE,
                () ->
                        text("tr.leader th").startsWith(host.name() + " (this one)")
                                && text("#summary")
                                        .contains(host.name() + " leads · 3 of 3 members well")
                                && text("#lease-text").startsWith(host.name() + ": ")
                                && text("#history").contains("then " + host.name() + " led"));
        assertThat(focused()).as("where the keyboard is afterwards").isEqualTo("Switchover…");
        assertThat(browser.run("return document.querySelector('#lease').value > 0"))
                .isEqualTo("true");
        assertThat(text("#journal")).contains("lease");
    }

    @Test
    void membersAndConfigurationAreCommandedFromHere() throws IOException {
        TestMember leader = cluster.awaitPrimary();
        press("Pause…");
        confirm("Pause");
        signIn(TestCluster.PASSWORD);
        awaitMessage("Paused.");
        awaitConfiguration(leader, text -> text.contains("\"pause\": true"));
        Eventually.await(
                "the pause is shown",
                () -> text("#summary").contains("paused: no automatic failover"));
        press("Resume…");
        confirm("Resume");
        awaitMessage("Resumed.");
        awaitConfiguration(leader, text -> !text.contains("\"pause\""));

        press("Edit configuration…");
        Eventually.await(
                "the configuration is there", () -> value("textarea").contains("\"loop_wait\": 1"));
        browser.run(
                "const t = document.querySelector('textarea'); t.value = t.value.replace('\"ttl\": 10', '\"ttl\": 11')");
        confirm("Show the change");
        Eventually.await(
                "the change is shown",
                () -> text("dialog pre").replaceAll("\\s", "").equals("{\"ttl\":11}"));
        confirm("Apply");
        awaitMessage("The configuration was changed.");
        awaitConfiguration(leader, text -> text.contains("\"ttl\": 11"));

        TestMember other =
                cluster.members().stream()
                        .filter(m -> m != host && m != leader)
                        .findFirst()
                        .orElseThrow();
        press("Restart " + other.name());
        confirm("Restart");
        awaitMessage(other.name() + ": restarted successfully");
        cluster.awaitWhole();
        press("Reinitialize " + other.name());
        confirm("Reinitialize");
        Eventually.await(
                "the name is asked for",
                () -> text("#dialog-error").startsWith("The name does not match"));
        browser.type(ESCAPE);
    }

    @Test
    void itCanBeReadByEverybody() throws IOException {
        assertThat(focusOrder(11))
                .startsWith("Skip to the members", "Switchover…", "Pause…", "Edit configuration…")
                .contains("Restart " + host.name(), "Reinitialize " + host.name())
                .doesNotContain("");
        Map<String, List<String>> controls = browser.controls();
        for (String role :
                List.of("button", "link", "meter", "table", "list", "image", "heading")) {
            assertThat(controls).containsKey(role);
            assertThat(controls.get(role)).as("names of every " + role).doesNotContain("");
        }
        Files.createDirectories(Path.of("target", "console"));
        for (String scheme : List.of("light", "dark")) {
            for (int width : List.of(PHONE, DESKTOP)) {
                browser.use(scheme, width, 900);
                look(scheme, width);
            }
        }
    }

    @Test
    void itNeedsNothingFromElsewhere() throws IOException {
        String origin = host.uri("/").toString();
        Eventually.await(
                "the page goes on asking",
                () ->
                        browser.run("return performance.getEntriesByType('resource').length > 12")
                                .equals("true"));

        assertThat(browser.requests()).isNotEmpty().allMatch(address -> address.startsWith(origin));
        assertThat(browser.complaints()).isEmpty();
    }

    /// What is on the page fits the screen, differs enough from its ground, and is kept as a
    /// picture.
    private void look(String scheme, int width) throws IOException {
        String seen = scheme + " at " + width;
        assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth"))
                .as("it fits: " + seen)
                .isEqualTo("true");
        assertThat(browser.run(ConsoleScripts.PALE_TEXTS)).as("contrast: " + seen).isEqualTo("");
        int height = Integer.parseInt(browser.run("return document.documentElement.scrollHeight"));
        browser.use(scheme, width, height);
        browser.screenshot(Path.of("target", "console", scheme + "-" + width + ".png"));
        browser.use(scheme, width, 900);
        browser.run("document.querySelector('#switchover').click()");
        Eventually.await("the dialog asks", () -> dialogTitle().startsWith("Switchover from "));
        assertThat(browser.run(ConsoleScripts.PALE_TEXTS)).as("contrast: " + seen).isEqualTo("");
        browser.screenshot(Path.of("target", "console", scheme + "-" + width + "-dialog.png"));
        browser.type(ESCAPE);
        Eventually.await("the dialog is closed", () -> dialogTitle().isEmpty());
    }

    private List<String> focusOrder(int steps) throws IOException {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            browser.type(TAB);
            order.add(focused());
        }
        return order;
    }

    private void tabTo(String name) throws IOException {
        for (int i = 0; i < 40; i++) {
            if (focused().equals(name)) {
                return;
            }
            browser.type(TAB);
        }
        assertThat(focusOrder(40)).contains(name);
    }

    private void signIn(String password) throws IOException {
        Eventually.await(
                "it asks who we are",
                () ->
                        !value("dialog[open] input[type=password]").equals("null")
                                && value("dialog[open] input[type=password]").isEmpty());
        browser.type(TestCluster.USER + TAB + password + ENTER);
    }

    private void press(String name) throws IOException {
        browser.run(ConsoleScripts.button(name) + ".click()");
        Eventually.await("the dialog asks", () -> !dialogTitle().isEmpty());
    }

    private void confirm(String name) throws IOException {
        Eventually.await("it can be confirmed: " + name, () -> text("#dialog-go").equals(name));
        browser.run("document.querySelector('#dialog-go').click()");
    }

    /// What a member shows is what it saw last, so a change may take a moment.
    private static void awaitConfiguration(TestMember member, Predicate<String> expected) {
        Eventually.await(
                "the change arrived at " + member.name(),
                () -> expected.test(cluster.get(member, "/config").body()));
    }

    private void awaitMessage(String part) {
        Eventually.await("it says " + part, PATIENCE, () -> text("#message").contains(part));
    }

    private String focused() throws IOException {
        return browser.run(ConsoleScripts.FOCUSED);
    }

    private String dialogTitle() throws IOException {
        return browser.run(
                "const d = document.querySelector('dialog[open] h2'); return d ? d.textContent : ''");
    }

    private String text(String selector) throws IOException {
        return browser.run(
                "const n = document.querySelector('"
                        + selector
                        + "'); return n ? n.innerText : null");
    }

    private String value(String selector) throws IOException {
        return browser.run(
                "const n = document.querySelector('" + selector + "'); return n ? n.value : null");
    }
}
