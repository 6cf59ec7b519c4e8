package io.tamada.ha.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every rule of the policy is made to fire by some test of this package.
///
/// It takes the tests' plain methods (`@Test`, no parameters) of all classes here whose name ends
/// in `RulesTest`, runs them itself, and looks which rules fired; so it gives the same answer alone
/// as with the others. Their assertions are their own affair.
class RuleCoverageTest {

    /// Rules that no test here can or need make fire, each with the reason.
    private static final Map<Rule, String> ELSEWHERE =
            new TreeMap<>(Map.of(Rule.NO_PROGRESS, "a bug's own name, which the loop gives"));

    @Test
    void every_rule_is_hit_by_a_test() throws Exception {
        for (Class<?> test : tests()) {
            run(test);
        }
        Set<Rule> missing = EnumSet.allOf(Rule.class);
        missing.removeAll(RuleHits.sofar());
        missing.removeAll(ELSEWHERE.keySet());
        assertThat(missing).as("rules without a test that makes them fire").isEmpty();
    }

    @Test
    void the_list_of_exceptions_holds_none_that_is_hit() throws Exception {
        for (Class<?> test : tests()) {
            run(test);
        }
        assertThat(ELSEWHERE.keySet()).doesNotContainAnyElementsOf(RuleHits.sofar());
        assertThat(ELSEWHERE.values()).doesNotContain("");
    }

    private static List<Class<?>> tests()
            throws IOException, URISyntaxException, ClassNotFoundException {
        Path classes =
                Path.of(
                        RuleCoverageTest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        String here = RuleCoverageTest.class.getPackageName();
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files =
                Files.list(testClasses(classes).resolve(here.replace('.', '/')))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith("RulesTest.class")) {
                    found.add(Class.forName(here + "." + name.replace(".class", "")));
                }
            }
        }
        assertThat(found).hasSizeGreaterThan(5);
        return found;
    }

    /// A patched module shows the folder of its main classes.
    private static Path testClasses(Path classes) {
        Path beside = classes.resolveSibling("test-classes");
        return Files.isDirectory(beside) ? beside : classes;
    }

    private static void run(Class<?> test) throws ReflectiveOperationException {
        for (Method method : test.getDeclaredMethods()) {
            if (!method.isAnnotationPresent(Test.class)) {
                continue;
            }
            var constructor = test.getDeclaredConstructor();
            constructor.setAccessible(true);
            method.setAccessible(true);
            try {
                method.invoke(constructor.newInstance());
            } catch (InvocationTargetException failed) {
                // What it asserts is told where it runs as a test of its own.
                assertThat(failed.getCause()).isNotNull();
            }
        }
    }
}
