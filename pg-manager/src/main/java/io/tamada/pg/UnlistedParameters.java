package io.tamada.pg;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Parameters that servers know though `postgres --describe-config` doesn't list them: developers'
/// and rarely used ones.
///
/// From the resource `unlisted-parameters.txt`: name, first major version, first major version
/// without it.
final class UnlistedParameters {

    private UnlistedParameters() {}

    static Set<String> of(PgVersion version) {
        Set<String> names = new TreeSet<>();
        try (InputStream in =
                UnlistedParameters.class.getResourceAsStream("unlisted-parameters.txt")) {
            if (in == null) {
                return names;
            }
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] f = line.strip().split("\\s+", -1);
                if (f.length == 3
                        && PgVersion.parse(f[1]).major() <= version.major()
                        && (f[2].equals("-") || version.major() < PgVersion.parse(f[2]).major())) {
                    names.add(f[0].toLowerCase(Locale.ROOT));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
