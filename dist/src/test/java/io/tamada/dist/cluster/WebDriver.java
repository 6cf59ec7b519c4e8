package io.tamada.dist.cluster;

import io.tamada.dcs.Json;
import io.tamada.dist.Programs;
import io.tamada.testkit.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A headless Chromium with a folder of its own, and the program that drives it by the W3C's
/// WebDriver protocol.
final class WebDriver implements AutoCloseable {

    /// How long a page may take to load, and a command to end.
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");

    private final Process process;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI session;

    private WebDriver(Process process, int port, Path folder) throws IOException {
        this.process = process;
        URI sessions = TestCluster.local(port, "/session");
        JsonTree opened = send("POST", sessions, Map.of("capabilities", capabilities(folder)));
        this.session = URI.create(sessions + "/" + opened.at("sessionId").text());
    }

    /// @param folder for the browser's files; an existing one
    static WebDriver start(Path folder) throws IOException {
        Path log = folder.resolve("driver.log");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Programs.find("chromedriver").orElseThrow().toString(), "--port=0")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("TMPDIR", folder.toString());
        Process process = builder.start();
        try {
            int port =
                    Eventually.value(
                            "the driver listens",
                            LIMIT,
                            () -> {
                                Matcher found = PORT.matcher(Files.readString(log));
                                return found.find() ? Integer.parseInt(found.group(1)) : null;
                            });
            return new WebDriver(process, port, folder);
        } catch (IOException | AssertionError e) {
            end(process);
            throw e;
        }
    }

    /// No sandbox: it needs rights that a test's user may not have, and no stranger's page is
    /// opened. Every name but an address resolves to nothing.
    private static Map<String, Object> capabilities(Path folder) {
        List<String> flags =
                List.of(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--hide-scrollbars",
                        "--lang=en-GB",
                        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                        "--user-data-dir=" + folder.resolve("profile"));
        return Map.of(
                "alwaysMatch",
                Map.of(
                        "goog:chromeOptions",
                        Map.of("args", flags),
                        "goog:loggingPrefs",
                        Map.of("performance", "ALL", "browser", "ALL")));
    }

    void open(URI page) throws IOException {
        command("POST", "/url", Map.of("url", page.toString()));
    }

    /// Runs the body of a function in the page.
    ///
    /// @return what it returns, as text
    String run(String script) throws IOException {
        return command("POST", "/execute/sync", Map.of("script", script, "args", List.of())).text();
    }

    /// Presses and lets go of keys one after the other, as somebody does who has nothing else.
    void type(String keys) throws IOException {
        List<Object> actions = new ArrayList<>();
        keys.codePoints()
                .mapToObj(Character::toString)
                .forEach(key -> {
                    actions.add(Map.of("type", "keyDown", "value", key));
                    actions.add(Map.of("type", "keyUp", "value", key));
                });
        command(
                "POST",
                "/actions",
                Map.of(
                        "actions",
                        List.of(Map.of("type", "key", "id", "keyboard", "actions", actions))));
    }

    /// What a screen of this size shows to somebody who prefers this colour scheme.
    void use(String scheme, int width, int height) throws IOException {
        devTools(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        width < 600));
    }

    /// Every interactive element as assistive technology is told of it: its role and its name.
    Map<String, List<String>> controls() throws IOException {
        Map<String, List<String>> result = new TreeMap<>();
        for (JsonTree node :
                devTools("Accessibility.getFullAXTree", Map.of()).at("nodes").items()) {
            if (node.at("ignored").text().equals("false")) {
                result.computeIfAbsent(node.at("role", "value").text(), _ -> new ArrayList<>())
                        .add(node.at("name", "value").text());
            }
        }
        return result;
    }

    /// Writes what the screen shows as a PNG.
    void screenshot(Path file) throws IOException {
        String base64 = command("GET", "/screenshot", null).text();
        Files.write(file, Base64.getDecoder().decode(base64));
    }

    /// Addresses that pages have asked for since this was asked last, but for the browser's own.
    List<String> requests() throws IOException {
        return log("performance").stream()
                .map(entry -> JsonTree.of(entry.at("message").text()).at("message"))
                .filter(event -> event.at("method").text().equals("Network.requestWillBeSent"))
                .map(event -> event.at("params", "request", "url").text())
                .filter(address -> !address.matches("(chrome|data):.*"))
                .toList();
    }

    /// What the browser has complained of since this was asked last.
    List<String> complaints() throws IOException {
        return log("browser").stream().map(entry -> entry.at("message").text()).toList();
    }

    private List<JsonTree> log(String type) throws IOException {
        return command("POST", "/se/log", Map.of("type", type)).items();
    }

    private JsonTree devTools(String command, Map<String, Object> parameters) throws IOException {
        return command("POST", "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    private JsonTree command(String method, String path, @Nullable Map<String, Object> parameters)
            throws IOException {
        return send(method, URI.create(session + path), parameters);
    }

    private JsonTree send(String method, URI uri, @Nullable Map<String, Object> parameters)
            throws IOException {
        HttpRequest.BodyPublisher body =
                parameters == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(Json.compact(parameters));
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(LIMIT).method(method, body).build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(
                        "WebDriver " + method + " " + uri.getPath() + ": " + answer.body());
            }
            return JsonTree.of(answer.body()).at("value");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            send("DELETE", session, null);
        } catch (IOException e) {
            // The driver takes its browser along when it ends.
        }
        http.close();
        end(process);
    }

    private static void end(Process process) {
        List<ProcessHandle> browser = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        browser.forEach(ProcessHandle::destroyForcibly);
    }
}
