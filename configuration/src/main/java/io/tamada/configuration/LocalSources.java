package io.tamada.configuration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where the local configuration comes from: a file, a directory of files, or the environment. Can
/// be read again and again.
final class LocalSources {

    private static final long FILE_BYTES_MAX = 4_000_000;

    private final @Nullable Path file;
    private final Environment environment;

    /// @param file a file or a directory; null for the environment alone
    LocalSources(@Nullable Path file, Environment environment) {
        this.file = file;
        this.environment = environment;
    }

    /// Reads everything anew, the environment laid over the files; nothing at all is refused.
    PlacedDocument read(Findings findings) {
        PlacedDocument given = given(findings);
        if (given.document().root().isEmpty() && !findings.refused()) {
            findings.refuse(given.source(), "", emptiness());
        }
        return given;
    }

    /// The same, where it may be empty.
    PlacedDocument given(Findings findings) {
        return OldLayout.modern(asWritten(findings));
    }

    private PlacedDocument asWritten(Findings findings) {
        if (file != null) {
            PlacedDocument own = files(file, findings);
            PlacedDocument over = environment.settings(findings);
            return over.document().root().isEmpty() ? own : own.patched(over);
        }
        Optional<Map.Entry<String, String>> document = environment.document();
        return document.isPresent()
                ? YamlReader.mapping(
                        "environment variable " + document.get().getKey(),
                        document.get().getValue(),
                        findings)
                : environment.settings(findings);
    }

    private String emptiness() {
        if (file == null) {
            return "no configuration is given; name a file (tamada CONFIG.yml) or set PATRONI_CONFIGURATION or PATRONI_… variables";
        }
        return Files.isDirectory(file)
                ? "no .yml or .yaml file in it holds a setting: the configuration is empty"
                : "the configuration is empty";
    }

    /// The settings in single variables.
    PlacedDocument environment(Findings findings) {
        return environment.settings(findings);
    }

    private static PlacedDocument files(Path path, Findings findings) {
        Place place = Place.of(path.toString());
        if (!Files.exists(path)) {
            findings.refuse(
                    place,
                    "",
                    "there is no such file or directory; give the path of the configuration");
            return PlacedDocument.empty(place);
        }
        if (!Files.isDirectory(path)) {
            return file(path, findings);
        }
        PlacedDocument all = PlacedDocument.empty(place);
        try (Stream<Path> entries = Files.list(path)) {
            List<Path> sorted =
                    entries.filter(Files::isRegularFile)
                            .filter(f ->
                                    f.toString().endsWith(".yml") || f.toString().endsWith(".yaml"))
                            .sorted(java.util.Comparator.comparing(f -> f.getFileName().toString()))
                            .toList();
            for (Path each : sorted) {
                PlacedDocument next = file(each, findings);
                all = next.document().root().isEmpty() ? all : all.patched(next);
            }
        } catch (IOException e) {
            findings.refuse(place, "", "can't be listed: " + reason(e));
        }
        return all;
    }

    private static PlacedDocument file(Path file, Findings findings) {
        String source = file.toString();
        Place place = Place.of(source);
        try {
            // A pipe or a device has no size worth asking for; whatever it gives is cut at the same
            // limit.
            byte[] bytes;
            try (var in = Files.newInputStream(file)) {
                bytes = in.readNBytes((int) FILE_BYTES_MAX + 1);
            }
            if (bytes.length > FILE_BYTES_MAX) {
                findings.refuse(
                        place, "", "larger than " + FILE_BYTES_MAX + " bytes: not a configuration");
                return PlacedDocument.empty(place);
            }
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes))
                            .toString();
            return YamlReader.mapping(source, text, findings);
        } catch (CharacterCodingException e) {
            findings.refuse(place, "", "not UTF-8 text; save it in that encoding");
        } catch (IOException e) {
            findings.refuse(place, "", "can't be read: " + reason(e));
        }
        return PlacedDocument.empty(place);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            case java.nio.file.NoSuchFileException _ -> "it is not there";
            default -> e.getClass().getSimpleName();
        };
    }
}
