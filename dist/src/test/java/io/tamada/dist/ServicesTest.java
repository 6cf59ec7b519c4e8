package io.tamada.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DcsProviders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// On the class path only `META-INF/services` counts, on the module path only `provides`: both must
/// say the same.
class ServicesTest {

    @Test
    void serviceFilesAndDescriptorsSayTheSame() {
        for (SourceTree.Module module : SourceTree.compiledModules()) {
            Path descriptor = module.classes().resolve("module-info.class");
            if (Files.exists(descriptor)) {
                assertThat(provided(descriptor))
                        .as("`provides` of %s, against its META-INF/services", module)
                        .isEqualTo(services(module));
            }
        }
    }

    @Test
    void everyBackendHasAProviderThatLoads() {
        Set<String> loaded = new TreeSet<>();
        ServiceLoader.load(DcsProvider.class)
                .forEach(provider -> loaded.add(provider.getClass().getName()));
        for (SourceTree.Module module : SourceTree.compiledModules()) {
            if (module.folder().startsWith("dcs-") && !module.folder().equals("dcs-support")) {
                Set<String> named =
                        services(module).getOrDefault(DcsProvider.class.getName(), Set.of());
                assertThat(named).as("providers that %s names", module).isNotEmpty();
                assertThat(loaded)
                        .as("providers of %s on the class path", module)
                        .containsAll(named);
            }
        }
    }

    @Test
    void noTwoProvidersServeOneSection() {
        List<String> sections =
                ServiceLoader.load(DcsProvider.class).stream()
                        .map(provider -> provider.get().section())
                        .sorted()
                        .toList();
        assertThat(sections).doesNotHaveDuplicates();
        DcsProviders visible = DcsProviders.visibleTo(ServicesTest.class.getClassLoader());
        assertThat(visible.broken()).isEmpty();
        assertThat(visible.sections()).isEqualTo(sections);
    }

    private static Map<String, Set<String>> services(SourceTree.Module module) {
        Map<String, Set<String>> found = new TreeMap<>();
        Path directory = module.classes().resolve("META-INF/services");
        if (Files.isDirectory(directory)) {
            try (var files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    Set<String> providers = new TreeSet<>();
                    SourceTree.text(file)
                            .lines()
                            .map(line -> line.replaceFirst("#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .forEach(providers::add);
                    found.put(String.valueOf(file.getFileName()), providers);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private static Map<String, Set<String>> provided(Path descriptor) {
        try (InputStream in = Files.newInputStream(descriptor)) {
            Map<String, Set<String>> found = new TreeMap<>();
            ModuleDescriptor.read(in)
                    .provides()
                    .forEach(provides ->
                            found.put(provides.service(), new TreeSet<>(provides.providers())));
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
