package io.tamada.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The project's files, as the tests of this module read them.
final class SourceTree {

    private static final Set<String> NOT_OURS =
            Set.of(".git", "target", ".idea", ".vscode", ".settings");

    /// The top directory: the tests run in `dist/`.
    static final Path TOP = Path.of("..").toAbsolutePath().normalize();

    private SourceTree() {}

    /// All modules of the build, in the order of the root POM, without the examples: these are a
    /// stranger's.
    static List<Module> modules() {
        return Pom.read(TOP).texts("modules", "module").stream()
                .filter(folder -> !folder.startsWith("examples/"))
                .map(Module::new)
                .toList();
    }

    /// The modules that have compiled classes.
    static List<Module> compiledModules() {
        return modules().stream().filter(Module::isCompiled).toList();
    }

    /// The files below `directory` whose path from the top fits, without build results and version
    /// control.
    static List<Path> files(Path directory, Predicate<String> fits) {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return found;
        }
        try {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path visited, BasicFileAttributes attributes) {
                            return NOT_OURS.contains(String.valueOf(visited.getFileName()))
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            // A linked working tree has a file .git.
                            boolean ours = !NOT_OURS.contains(String.valueOf(file.getFileName()));
                            if (ours && attributes.isRegularFile() && fits.test(name(file))) {
                                found.add(file);
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(null);
        return found;
    }

    /// The path of a file from the top, with slashes.
    static String name(Path file) {
        return TOP.relativize(file).toString().replace('\\', '/');
    }

    /// The text of a file; bytes that are no text become replacement characters.
    static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Java source without comments, each comment replaced by as many line ends as it had, so that
    /// line numbers stay true.
    static String withoutComments(String source) {
        StringBuilder code = new StringBuilder(source.length());
        int i = 0;
        while (i < source.length()) {
            int end = i + 1;
            if (source.startsWith("//", i)) {
                end = endOf(source, "\n", i + 2, 0);
                i = end;
                continue;
            }
            if (source.startsWith("/*", i)) {
                end = endOf(source, "*/", i + 2, 2);
                source.substring(i, end)
                        .chars()
                        .filter(c -> c == '\n')
                        .forEach(_ -> code.append('\n'));
                i = end;
                continue;
            }
            if (source.startsWith("\"\"\"", i)) {
                end = endOf(source, "\"\"\"", i + 3, 3);
            } else if (source.charAt(i) == '"' || source.charAt(i) == '\'') {
                end = endOfLiteral(source, i);
            }
            code.append(source, i, end);
            i = end;
        }
        return code.toString();
    }

    private static int endOf(String source, String mark, int from, int length) {
        int at = source.indexOf(mark, from);
        return at < 0 ? source.length() : at + length;
    }

    private static int endOfLiteral(String source, int start) {
        char quote = source.charAt(start);
        for (int i = start + 1; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == quote) {
                return i + 1;
            }
        }
        return source.length();
    }

    /// A module by its folder.
    record Module(String folder) {

        Path directory() {
            return TOP.resolve(folder);
        }

        Path classes() {
            return directory().resolve("target/classes");
        }

        Pom pom() {
            return Pom.read(directory());
        }

        /// The module's name, which is also the package that all its classes are in or below.
        String packageName() {
            return pom().text("properties", "module.name");
        }

        boolean isCompiled() {
            try (var found =
                    Files.find(classes(), 20, (path, _) -> path.toString().endsWith(".class"))) {
                return Files.isDirectory(classes()) && found.findAny().isPresent();
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public String toString() {
            return folder;
        }
    }
}
