package io.tamada.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class BomTest {

    /// Not published: the BOM itself, and what is built from the others and used by nobody's build.
    private static final Set<String> NOT_IN_BOM =
            Set.of("bom", "dist", "examples", "benchmarks", "e2e");

    private final Pom root = Pom.read(SourceTree.TOP);
    private final Pom bom = Pom.read(SourceTree.TOP.resolve("bom"));

    @Test
    void namesEveryPublishedModuleOnce() {
        assertThat(bom.managedDependencies().stream().map(Pom.Dependency::artifactId))
                .containsExactlyElementsOf(
                        SourceTree.modules().stream()
                                .map(SourceTree.Module::folder)
                                .filter(folder -> !NOT_IN_BOM.contains(folder))
                                .map(folder -> "tamada-" + folder)
                                .toList());
    }

    @Test
    void hasTheVersionOfTheBuildEverywhere() {
        String version = root.text("version");
        assertThat(bom.text("version")).isEqualTo(version);
        assertThat(bom.managedDependencies())
                .allSatisfy(entry -> {
                    assertThat(entry.groupId()).isEqualTo("io.tamada");
                    assertThat(entry.version()).as(entry.artifactId()).isEqualTo(version);
                });
    }

    @Test
    void hasNoParentThatWouldLeakOtherVersions() {
        assertThat(bom.text("parent", "artifactId")).isEmpty();
    }

    @Test
    void everyModuleIsNamedAfterItsFolder() {
        assertThat(SourceTree.modules())
                .allSatisfy(module ->
                        assertThat(module.pom().text("artifactId"))
                                .isEqualTo("tamada-" + module.folder()));
    }
}
