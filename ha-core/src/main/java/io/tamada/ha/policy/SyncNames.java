package io.tamada.ha.policy;

import io.tamada.ha.model.MemberName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The setting `synchronous_standby_names`: written as PostgreSQL and Patroni members expect it,
/// and read back.
///
/// @param kind how the number is meant
/// @param number how many must confirm
/// @param names who may, as written
record SyncNames(Kind kind, int number, List<String> names) {

    enum Kind {
        OFF,
        PRIORITY,
        QUORUM
    }

    static final SyncNames OFF = new SyncNames(Kind.OFF, 0, List.of());

    private static final Pattern BARE = Pattern.compile("[A-Za-z_][A-Za-z_0-9$]*");

    SyncNames {
        names = List.copyOf(names);
    }

    /// The text for a number of standbys; the placeholder where a number is wanted and nobody is
    /// there.
    static String format(boolean quorum, int number, Collection<MemberName> standbys) {
        List<String> names =
                new ArrayList<>(standbys.stream().map(MemberName::value).sorted().toList());
        if (names.isEmpty()) {
            if (number <= 0) {
                return "";
            }
            names.add(MemberName.RESERVED);
        }
        List<String> quoted = names.stream().map(SyncNames::quote).toList();
        if (quorum) {
            return "ANY " + number + " (" + String.join(",", quoted) + ")";
        }
        return quoted.size() == 1
                ? quoted.getFirst()
                : number + " (" + String.join(",", quoted) + ")";
    }

    private static String quote(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        boolean keyword = upper.equals("FIRST") || upper.equals("ANY");
        return BARE.matcher(name).matches() && !keyword
                ? name
                : '"' + name.replace("\"", "\"\"") + '"';
    }

    /// The members that the setting names; the placeholder is nobody.
    TreeSet<MemberName> members() {
        TreeSet<MemberName> members = new TreeSet<>();
        for (String name : names) {
            if (!name.equals(MemberName.RESERVED) && !name.isBlank() && !name.equals("*")) {
                members.add(MemberName.of(name));
            }
        }
        return members;
    }

    boolean hasWildcard() {
        return names.contains("*");
    }

    /// Reads a setting; one that can't be understood counts as off.
    static SyncNames parse(String text) {
        Parser parser = new Parser(text);
        SyncNames result = parser.setting();
        return result == null ? OFF : result;
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        @org.jspecify.annotations.Nullable
        SyncNames setting() {
            skipSpace();
            if (at == text.length()) {
                return OFF;
            }
            int start = at;
            String first = word();
            if (first != null && first.equalsIgnoreCase("ANY") && numberAhead()) {
                return numbered(Kind.QUORUM);
            }
            if (first != null && first.equalsIgnoreCase("FIRST") && numberAhead()) {
                return numbered(Kind.PRIORITY);
            }
            at = start;
            if (numberAhead()) {
                return numbered(Kind.PRIORITY);
            }
            List<String> names = list();
            return names == null || at != text.length()
                    ? null
                    : new SyncNames(Kind.PRIORITY, 1, names);
        }

        private @org.jspecify.annotations.Nullable SyncNames numbered(Kind kind) {
            skipSpace();
            int start = at;
            while (at < text.length() && Character.isDigit(text.charAt(at))) {
                at++;
            }
            if (at - start > 6) {
                return null;
            }
            int number = Integer.parseInt(text, start, at, 10);
            skipSpace();
            if (!take('(')) {
                return null;
            }
            List<String> names = list();
            return names == null || !take(')') || at != text.length()
                    ? null
                    : new SyncNames(kind, number, names);
        }

        private boolean numberAhead() {
            skipSpace();
            return at < text.length() && Character.isDigit(text.charAt(at));
        }

        private @org.jspecify.annotations.Nullable List<String> list() {
            List<String> names = new ArrayList<>();
            do {
                skipSpace();
                String name = at < text.length() && text.charAt(at) == '"' ? quoted() : word();
                if (name == null) {
                    return null;
                }
                names.add(name);
                skipSpace();
            } while (take(','));
            return names;
        }

        private @org.jspecify.annotations.Nullable String word() {
            if (at < text.length() && text.charAt(at) == '*') {
                at++;
                return "*";
            }
            int start = at;
            while (at < text.length()
                    && (Character.isLetterOrDigit(text.charAt(at))
                            || "_$".indexOf(text.charAt(at)) >= 0)) {
                at++;
            }
            boolean number = start < text.length() && Character.isDigit(text.charAt(start));
            return at == start || number ? null : text.substring(start, at);
        }

        private @org.jspecify.annotations.Nullable String quoted() {
            StringBuilder name = new StringBuilder();
            at++;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c != '"') {
                    name.append(c);
                } else if (at < text.length() && text.charAt(at) == '"') {
                    name.append('"');
                    at++;
                } else {
                    return name.toString();
                }
            }
            return null;
        }

        private boolean take(char c) {
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                skipSpace();
                return true;
            }
            return false;
        }

        private void skipSpace() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }
    }
}
