package io.tamada.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.testkit.FreePorts;
import io.tamada.testkit.ShelfConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the program says and how it ends, for everything that ends before anything is started.
class AgentMainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path directory;

    private Path programs;

    @BeforeEach
    void fakePrograms() throws IOException {
        programs = Files.createDirectory(directory.resolve("bin"));
        for (String program :
                List.of(
                        "postgres",
                        "pg_ctl",
                        "initdb",
                        "pg_controldata",
                        "pg_basebackup",
                        "pg_rewind")) {
            Files.createFile(
                    programs.resolve(program),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxr-xr-x")));
        }
    }

    private int run(String... arguments) {
        return run(Map.of(), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) {
        out.reset();
        err.reset();
        return new AgentMain(print(out), print(err), environment).run(List.of(arguments));
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /// A configuration whose ports are free and whose programs are there.
    private String yaml() throws IOException {
        return ShelfConfiguration.COMPLETE
                .replace("10.0.0.1:8008", "127.0.0.1:" + FreePorts.next())
                .replace("10.0.0.1:5432", "127.0.0.1:" + FreePorts.next())
                .replace("/srv/pg/data", directory.resolve("data").toString())
                .replace("/usr/lib/postgresql/17/bin", programs.toString());
    }

    private String validate(String yaml) {
        Path file = ShelfConfiguration.write(directory, yaml);
        int code = run("--validate-config", file.toString());
        assertThat(code).isEqualTo(AgentMain.REFUSED);
        return errors();
    }

    @Test
    void versionAndHelpGoToStdout() {
        assertThat(run("--version")).isEqualTo(AgentMain.OK);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("tamada ");
        assertThat(run("--help")).isEqualTo(AgentMain.OK);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("Usage: tamada", "--validate-config");
        assertThat(errors()).isEmpty();
    }

    @Test
    void aWrongCommandLineEndsWithTwo() {
        assertThat(run("--frobnicate")).isEqualTo(AgentMain.USAGE);
        assertThat(run("a.yml", "b.yml")).isEqualTo(AgentMain.USAGE);
        assertThat(run("--print", "a.yml")).isEqualTo(AgentMain.USAGE);
        assertThat(run("--validate-config", "--generate-config")).isEqualTo(AgentMain.USAGE);
        assertThat(run("--dsn", "host=x", "a.yml")).isEqualTo(AgentMain.USAGE);
        assertThat(run("--generate-config", "--dsn")).isEqualTo(AgentMain.USAGE);
    }

    @Test
    void aGoodConfigurationPassesValidationAndIsPrinted() throws IOException {
        Path file = ShelfConfiguration.write(directory, yaml());

        assertThat(run("--validate-config", "--print", file.toString()))
                .as(errors())
                .isEqualTo(AgentMain.OK);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("scope: demo\n", "listen: 127.0.0.1:");
    }

    @Test
    void aFilledInTemplatePassesValidation() throws IOException {
        Path file = directory.resolve("new/folder/node.yml");
        Map<String, String> variables =
                Map.of("PATRONI_SHELF_HOST", "10.0.0.9", "PATRONI_SCOPE", "demo");
        assertThat(run(variables, "--generate-sample-config", file.toString()))
                .as(errors())
                .isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(run("--validate-config", "-i", file.toString())).isEqualTo(AgentMain.REFUSED);
        assertThat(errors().lines().filter(line -> !line.startsWith("warning: ")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).endsWith("still to be filled in: #FIXME"));

        String filled =
                Files.readString(file)
                        .replace("data_dir: '#FIXME'", "data_dir: " + directory.resolve("data"))
                        .replace("bin_dir: ''", "bin_dir: " + programs)
                        .replace("#FIXME", "filled-in");
        Files.writeString(file, filled);
        assertThat(run("--validate-config", "-i", file.toString())).as(errors()).isZero();
    }

    @Test
    void aServerThatIsNotThereIsOneLineWithoutThePassword() {
        String dsn = "host=127.0.0.1 port=1 password=open-sesame";
        assertThat(run("--generate-config", "--dsn", dsn)).isEqualTo(AgentMain.REFUSED);
        assertThat(errors().lines()).hasSize(1).first().asString().contains("127.0.0.1:1");
        assertThat(errors()).doesNotContain("sesame");
    }

    @Test
    void everyProblemIsToldInOneRun() {
        String said =
                validate(
                        "scope: demo\nnmae: x\nshelf: {}\nrestapi: {listen: nowhere}\npostgresql: {data_dir: /x, use_pg_rewind: perhaps}\n");

        assertThat(said.lines())
                .anyMatch(line ->
                        line.contains("node.yml:2:1: nmae: unknown key; did you mean 'name'?"))
                .anyMatch(line ->
                        line.contains("node.yml:4:19: restapi.listen: 'nowhere' doesn't fit"))
                .anyMatch(line ->
                        line.contains(
                                "postgresql.use_pg_rewind: 'perhaps' doesn't fit; expected true or false"))
                .anyMatch(line -> line.contains("name: not defined"));
    }

    @Test
    void aStartThatCantWorkIsOneLineAndChangesNothing() throws IOException {
        for (String broken :
                List.of(
                        "scope: [a\nname: b\n",
                        "scope: demo\n",
                        yaml().replace("restapi:", "restapy:"),
                        yaml().replace("shelf:", "none_such:"))) {
            Path file = ShelfConfiguration.write(directory, broken);
            long before = filesHere();

            assertThat(run(file.toString())).isEqualTo(AgentMain.REFUSED);
            assertThat(errors()).startsWith("tamada: ").hasLineCount(1).doesNotContain("Exception");
            assertThat(filesHere()).isEqualTo(before);
        }
    }

    private long filesHere() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.count();
        }
    }

    @Test
    void aMissingFileIsToldSo() {
        assertThat(run(directory.resolve("none.yml").toString())).isEqualTo(AgentMain.REFUSED);
        assertThat(errors()).contains("there is no such file or directory");
    }

    @Test
    void noConfigurationAtAllIsToldSo() {
        assertThat(run()).isEqualTo(AgentMain.REFUSED);
        assertThat(errors()).contains("tamada CONFIG.yml");
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String yaml =
                    yaml().replaceFirst(
                                    "listen: 127.0.0.1:\\d+",
                                    "listen: 127.0.0.1:" + taken.getLocalPort());

            assertThat(validate(yaml))
                    .contains("restapi.listen: port " + taken.getLocalPort() + " is in use");
            assertThat(
                            run(
                                    "--validate-config",
                                    "-i",
                                    ShelfConfiguration.write(directory, yaml).toString()))
                    .isEqualTo(AgentMain.OK);
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNamed() throws IOException {
        assertThat(validate(yaml().replaceFirst("listen: 127.0.0.1", "listen: 192.0.2.77")))
                .contains("'192.0.2.77' is not an address of this machine");
    }

    @Test
    void missingProgramsAreNamed() throws IOException {
        Files.delete(programs.resolve("initdb"));

        assertThat(validate(yaml()))
                .contains("PostgreSQL's programs initdb are not in '" + programs + "'");
    }

    @Test
    void aDataDirectoryThatCantBeUsedIsNamed() throws IOException {
        Files.createFile(directory.resolve("data"));

        assertThat(validate(yaml())).contains("is a file; give a directory");
    }

    @Test
    void aMissingLogDirectoryIsNamed() throws IOException {
        assertThat(validate(yaml() + "log: {dir: " + directory.resolve("logs") + "}\n"))
                .contains("log.dir: '");
    }
}
