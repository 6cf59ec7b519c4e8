package io.tamada.ctl;

import io.tamada.ha.model.ConfigDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Lets the operator change a configuration with their own editor.
record ConfigEditor(Ctl ctl) {

    private static final List<String> USUAL = List.of("editor", "vi");

    /// @throws CtlError when there is no editor, when it fails, and when its result is not a
    ///   mapping; the text is kept then
    ConfigDocument edit(String cluster, ConfigDocument before) {
        String editor = editor();
        Path file;
        try {
            file = Files.createTempFile(cluster + "-config-", ".yaml");
            Files.writeString(file, YamlText.of(before.root()));
        } catch (IOException e) {
            throw new CtlError(
                    "No temporary file can be written for the editor: " + e.getMessage());
        }
        run(editor, file);
        ConfigDocument after;
        try {
            after = YamlText.parseMapping(ConfigSource.text(file), file.toString());
        } catch (CtlError e) {
            throw new CtlError(
                    "%s. Nothing was changed; your text is kept: correct it and give it with --replace %s"
                            .formatted(e.getMessage(), file));
        }
        delete(file);
        return after;
    }

    private String editor() {
        String chosen = ctl.world().environment().getOrDefault("EDITOR", "");
        if (!chosen.isBlank()) {
            return chosen;
        }
        return Programs.firstOf(USUAL, ctl.world().environment())
                .orElseThrow(() ->
                        new CtlError(
                                "No editor found: set EDITOR, or change single values with -s KEY=VALUE"));
    }

    private static void run(String editor, Path file) {
        int code;
        try {
            // Through a shell, since $EDITOR may have arguments; the file's name is passed, not
            // pasted.
            code =
                    new ProcessBuilder(
                                    "/bin/sh",
                                    "-c",
                                    "exec " + editor + " \"$1\"",
                                    "sh",
                                    file.toString())
                            .inheritIO()
                            .start()
                            .waitFor();
        } catch (IOException e) {
            delete(file);
            throw new CtlError("The editor can't be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CtlError.Aborted();
        }
        if (code != 0) {
            delete(file);
            throw new CtlError("Editor exited with return code " + code);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
