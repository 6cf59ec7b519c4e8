package io.tamada.pg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Shell scripts in the place of a user's commands.
final class Scripts {

    private Scripts() {}

    static Path write(Path folder, String name, String text) {
        Path script = folder.resolve(name + ".sh");
        try {
            Files.writeString(script, "#!/bin/sh\n" + text + "\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return script;
    }
}
