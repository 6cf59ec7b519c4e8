package io.tamada.ctl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Shows a diff: in colours and page by page on a terminal, as it is everywhere else.
record Pager(Ctl ctl) {

    private static final List<String> USUAL = List.of("less", "more");
    private static final String RED = "\033[31m";
    private static final String GREEN = "\033[32m";
    private static final String CYAN = "\033[36m";
    private static final String PLAIN = "\033[0m";

    void show(List<String> diff) {
        Console console = ctl.console();
        if (!console.isTerminal()) {
            diff.forEach(console::line);
            return;
        }
        Map<String, String> environment = ctl.world().environment();
        boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty();
        List<String> lines = colours ? diff.stream().map(Pager::coloured).toList() : diff;
        String chosen = environment.getOrDefault("PAGER", "");
        String pager = chosen.isBlank() ? Programs.firstOf(USUAL, environment).orElse("") : chosen;
        if (pager.isEmpty() || !page(pager, lines)) {
            lines.forEach(console::line);
        }
    }

    private static String coloured(String line) {
        String colour =
                switch (line.isEmpty() ? ' ' : line.charAt(0)) {
                    case '+' -> GREEN;
                    case '-' -> RED;
                    case '@' -> CYAN;
                    default -> "";
                };
        return colour.isEmpty() ? line : colour + line + PLAIN;
    }

    private static boolean page(String pager, List<String> lines) {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "exec " + pager);
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        // Colours pass through, and what fits on the screen is shown without waiting for a key.
        builder.environment().putIfAbsent("LESS", "-FRX");
        try {
            Process process = builder.start();
            try (var in = process.getOutputStream()) {
                in.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CtlError.Aborted();
        }
    }
}
