package io.tamada.agent.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DsnTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host=10.0.0.1 port=5433 user=me password='a b\\'c' dbname=x",
                " host = 10.0.0.1 port=5433  user=me password=a\\ b\\'c dbname=x",
                "postgresql://me:a%20b'c@10.0.0.1:5433/x",
                "postgres://10.0.0.1/x?port=5433&user=me&password=a%20b'c"
            })
    void bothFormsOfLibpqAreRead(String text) {
        assertThat(Dsn.parse(text, Map.of()).settings())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "host", "10.0.0.1",
                                "port", "5433",
                                "user", "me",
                                "password", "a b'c",
                                "dbname", "x"));
    }

    @Test
    void whatIsLeftOutComesFromTheEnvironment() {
        Dsn dsn =
                Dsn.parse(
                        "user=me",
                        Map.of("PGHOST", "h", "PGUSER", "other", "PGPASSWORD", "sesame"));
        assertThat(dsn.get("user")).isEqualTo("me");
        assertThat(dsn.get("password")).isEqualTo("sesame");
        assertThat(dsn.driverUrl()).isEqualTo("jdbc:postgresql://h:5432/postgres");
        assertThat(dsn).hasToString("h:5432 as me");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password='sesame",
                "host sesame",
                "password=x sesame",
                "host=h port=sesame",
                "postgresql://me:sesame%@h/",
                "postgresql://me:sesame%zz@h/",
                "postgresql://me:ses ame@h/"
            })
    void anythingElseIsRefusedWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> Dsn.parse(text, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--dsn: ")
                .message()
                .doesNotContain("ses");
    }
}
