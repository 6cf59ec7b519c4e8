package io.tamada.dist;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Who may depend on whom: between modules, and between the packages of `ha-core`. Think first,
/// then change a table.
class ArchitectureTest {

    /// What each module's code may use of ours. Test scope is free, run-time scope is only for
    /// backends.
    private static final Map<String, Set<String>> MODULES =
            Map.ofEntries(
                    Map.entry("ha-core", Set.of()),
                    Map.entry("dcs-support", Set.of("ha-core")),
                    Map.entry("configuration", Set.of("ha-core")),
                    Map.entry("dcs-raft", Set.of("ha-core", "dcs-support")),
                    Map.entry("dcs-etcd", Set.of("ha-core", "dcs-support")),
                    Map.entry("dcs-zookeeper", Set.of("ha-core", "dcs-support")),
                    Map.entry("dcs-consul", Set.of("ha-core", "dcs-support")),
                    Map.entry("testkit", Set.of("ha-core", "dcs-support")),
                    Map.entry("pg-manager", Set.of("ha-core")),
                    Map.entry("rest-api", Set.of("ha-core", "dcs-support")),
                    Map.entry(
                            "agent-cli",
                            Set.of(
                                    "ha-core",
                                    "dcs-support",
                                    "configuration",
                                    "pg-manager",
                                    "rest-api")),
                    Map.entry("ctl-cli", Set.of("ha-core", "dcs-support", "configuration")),
                    Map.entry("simulator", Set.of("ha-core", "dcs-support", "testkit")),
                    Map.entry("dist", Set.of("agent-cli", "ctl-cli")));

    private static final Set<String> WITHOUT_CODE = Set.of("bom");

    /// The packages of `ha-core`, each with those that it may use. The empty name is
    /// `io.tamada.ha`, what users touch: the agent, and the plain values that go in and out of it,
    /// which the two inner packages therefore know as well.
    private static final Map<String, Set<String>> PACKAGES =
            Map.of(
                    "model", Set.of(),
                    "time", Set.of("model"),
                    "dcs", Set.of("model", "time"),
                    "port", Set.of("model", "time", "dcs"),
                    "policy", Set.of("model", "time", "dcs", "port", ""),
                    "runtime", Set.of("model", "time", "dcs", "port", "policy", ""),
                    "", Set.of("model", "time", "dcs", "port", "policy", "runtime"));

    /// Of what users touch, only the agent reaches the machinery, and the machinery does not know
    /// the agent.
    private static final String AGENT = "io.tamada.ha.HaAgent";

    private static final String CORE = "io.tamada.ha";

    private static final Map<SourceTree.Module, JavaClasses> CODE = new LinkedHashMap<>();

    @BeforeAll
    static void read() {
        for (SourceTree.Module module : SourceTree.compiledModules()) {
            CODE.put(module, new ClassFileImporter().importPath(module.classes()));
        }
    }

    @Test
    void everyModuleIsInTheTable() {
        assertThat(SourceTree.modules().stream().map(SourceTree.Module::folder))
                .filteredOn(folder -> !WITHOUT_CODE.contains(folder))
                .containsExactlyInAnyOrderElementsOf(MODULES.keySet());
    }

    @Test
    void pomsDeclareTheArrowsOfTheTableAndNoOthers() {
        for (SourceTree.Module module : codeModules()) {
            for (Pom.Dependency dependency : module.pom().dependencies()) {
                if (!dependency.groupId().equals("io.tamada")
                        || dependency.scope().equals("test")) {
                    continue;
                }
                String used = dependency.artifactId().replaceFirst("tamada-", "");
                assertThat(
                                dependency.scope().equals("runtime")
                                        ? isBackend(used)
                                        : allowed(module).contains(used))
                        .as("%s may depend on %s with scope %s", module, used, dependency.scope())
                        .isTrue();
            }
        }
    }

    @Test
    void codeLivesInThePackageOfItsModule() {
        List<String> packages = codeModules().stream().map(SourceTree.Module::packageName).toList();
        assertThat(packages).doesNotHaveDuplicates();
        CODE.forEach((module, code) ->
                assertThat(code)
                        .allSatisfy(type ->
                                assertThat(longestPrefix(packages, type.getName()))
                                        .as("module of %s, found in %s", type.getName(), module)
                                        .isEqualTo(module.packageName())));
    }

    @Test
    void codeFollowsTheArrowsBetweenModules() {
        Map<String, SourceTree.Module> homes = new HashMap<>();
        CODE.forEach((module, code) -> code.forEach(type -> homes.put(type.getName(), module)));
        CODE.forEach((module, code) -> {
            DescribedPredicate<JavaClass> forbidden =
                    DescribedPredicate.describe(
                            "belong to other modules of ours",
                            used -> {
                                SourceTree.Module home = homes.getOrDefault(used.getName(), module);
                                return !home.equals(module)
                                        && !allowed(module).contains(home.folder());
                            });
            noClasses()
                    .should()
                    .dependOnClassesThat(forbidden)
                    .as("%s uses only %s".formatted(module, allowed(module)))
                    .check(code);
        });
    }

    @Test
    void theCoreUsesNothingButTheJdk() {
        classes()
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "org.jspecify..", CORE + ".."))
                .check(core());
    }

    @Test
    void packagesOfTheCoreFollowTheirArrows() {
        JavaClasses core = core();
        assertThat(
                        core.stream()
                                .map(JavaClass::getPackageName)
                                .map(ArchitectureTest::inCore)
                                .collect(Collectors.toSet()))
                .as("every package of ha-core is in the table")
                .isSubsetOf(PACKAGES.keySet());
        PACKAGES.forEach((from, allowed) -> {
            String[] forbidden =
                    PACKAGES.keySet().stream()
                            .filter(to -> !to.equals(from) && !allowed.contains(to))
                            .map(ArchitectureTest::fullName)
                            .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(fullName(from))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .as("%s uses only %s".formatted(fullName(from), allowed))
                    .allowEmptyShould(true)
                    .check(core);
        });
    }

    @Test
    void onlyTheAgentReachesTheMachinery() {
        DescribedPredicate<JavaClass> agent =
                DescribedPredicate.describe(
                        "be the agent", type -> type.getName().startsWith(AGENT));
        noClasses()
                .that(resideInAPackage(CORE).and(not(agent)))
                .should()
                .dependOnClassesThat(resideInAPackage(fullName("runtime")).or(agent))
                .allowEmptyShould(true)
                .check(core());
        noClasses()
                .that(resideInAnyPackage(fullName("policy"), fullName("runtime")))
                .should()
                .dependOnClassesThat(agent)
                .allowEmptyShould(true)
                .check(core());
    }

    /// The policy is a pure function: whatever it knows, it was given.
    @Test
    void thePolicyHasNoClockThreadFileLoggerOrChance() {
        DescribedPredicate<JavaClass> effects =
                resideInAnyPackage(
                                "java.io..",
                                "java.net..",
                                "java.nio..",
                                "java.lang.foreign..",
                                "java.util.concurrent..",
                                "java.util.logging..",
                                "java.util.random..")
                        .or(type(Thread.class))
                        .or(type(ThreadLocal.class))
                        .or(type(ScopedValue.class))
                        .or(type(Process.class))
                        .or(type(ProcessBuilder.class))
                        .or(type(ProcessHandle.class))
                        .or(type(Runtime.class))
                        .or(type(System.class))
                        .or(type(System.Logger.class))
                        .or(type(Clock.class))
                        .or(type(Random.class))
                        .or(
                                nameMatching(
                                        Pattern.quote(CORE + ".time.") + "(TimeSource|SystemTime)"))
                        .as("clocks, threads, files, networks, processes, loggers or chance");
        noClasses()
                .that()
                .resideInAPackage(CORE + ".policy..")
                .should()
                .dependOnClassesThat(effects)
                .orShould()
                .callMethodWhere(
                        DescribedPredicate.describe(
                                "it asks for the time of day",
                                call ->
                                        call.getName().equals("now")
                                                && call.getTargetOwner()
                                                        .getPackageName()
                                                        .equals("java.time")))
                .allowEmptyShould(true)
                .check(core());
    }

    @Test
    void noBackendIsNamedOutsideItsModule() {
        Pattern backend =
                Pattern.compile("(?i)etcd|consul|zookeeper|exhibitor|kubernetes|(?<!d)raft");
        List<String> found = new ArrayList<>();
        for (String folder : List.of("ha-core", "agent-cli", "ctl-cli")) {
            for (Path file :
                    SourceTree.files(
                            SourceTree.TOP.resolve(folder + "/src/main/java"), _ -> true)) {
                SourceTree.withoutComments(SourceTree.text(file))
                        .lines()
                        .filter(line -> backend.matcher(line).find())
                        .forEach(line -> found.add(SourceTree.name(file) + ": " + line.strip()));
            }
        }
        assertThat(found).as("backends are found by ServiceLoader and never named").isEmpty();
    }

    private static List<SourceTree.Module> codeModules() {
        return SourceTree.modules().stream()
                .filter(module -> !WITHOUT_CODE.contains(module.folder()))
                .toList();
    }

    private static Set<String> allowed(SourceTree.Module module) {
        return MODULES.getOrDefault(module.folder(), Set.of());
    }

    private static String longestPrefix(List<String> packages, String className) {
        return packages.stream()
                .filter(name -> className.startsWith(name + "."))
                .max(Comparator.comparingInt(String::length))
                .orElse("");
    }

    private static boolean isBackend(String folder) {
        return folder.startsWith("dcs-") && !folder.equals("dcs-support");
    }

    private static JavaClasses core() {
        return CODE.entrySet().stream()
                .filter(entry -> entry.getKey().folder().equals("ha-core"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("ha-core is not compiled"))
                .getValue();
    }

    private static String fullName(String inCore) {
        return inCore.isEmpty() ? CORE : CORE + "." + inCore;
    }

    private static String inCore(String packageName) {
        return packageName.equals(CORE) ? "" : packageName.substring(CORE.length() + 1);
    }
}
