package io.tamada.agent.config;

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

    /// Reads everything anew, the environment laid over the files.
    PlacedDocument read(Findings findings) {
        if (file != null) {
            if (Files.exists(file)) {
                return files(findings).patched(environment.settings(findings));
            }
            findings.refuse(
                    Place.of(file.toString()),
                    "",
                    "there is no such file or directory; give the path of the configuration");
            return PlacedDocument.empty(Place.of(file.toString()));
        }
        Optional<Map.Entry<String, String>> document = environment.document();
        if (document.isPresent()) {
            String source = "environment variable " + document.get().getKey();
            return YamlText.mapping(source, document.get().getValue(), findings);
        }
        PlacedDocument settings = environment.settings(findings);
        if (settings.document().root().isEmpty()) {
            findings.refuse(
                    Place.of("configuration"),
                    "",
                    "none given; name a file (tamada CONFIG.yml) or set PATRONI_CONFIGURATION or PATRONI_… variables");
        }
        return settings;
    }

    /// The settings in single variables.
    PlacedDocument environment(Findings findings) {
        return environment.settings(findings);
    }

    private PlacedDocument files(Findings findings) {
        Path path = java.util.Objects.requireNonNull(file);
        Place place = Place.of(path.toString());
        if (Files.isRegularFile(path) || !Files.isDirectory(path)) {
            PlacedDocument one = file(path, findings);
            if (one.document().root().isEmpty() && !findings.refused()) {
                findings.refuse(place, "", "the configuration is empty");
            }
            return one;
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
                all = all.patched(file(each, findings));
            }
        } catch (IOException e) {
            findings.refuse(place, "", "can't be listed: " + reason(e));
        }
        if (all.document().root().isEmpty() && !findings.refused()) {
            findings.refuse(
                    place,
                    "",
                    "no .yml or .yaml file in it holds a setting: the configuration is empty");
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
            return YamlText.mapping(source, text, findings);
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
