package io.tamada.agent.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lines of `pg_hba.conf`, of which the first that fits a connection decides.
///
/// What can't be decided from the lines alone (groups, included files, host names that aren't known
/// here) counts as fitting and permitting: no alarm is raised on a guess.
record HbaRules(List<Rule> rules, List<String> wrong) {

    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|[^\\s,]+");
    private static final Pattern FIELD =
            Pattern.compile("(?:\"[^\"]*\"|[^\\s,]+)(?:\\s*,\\s*(?:\"[^\"]*\"|[^\\s,]+))*");
    private static final Set<String> TYPES =
            Set.of("local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc");
    private static final Set<String> METHODS =
            Set.of(
                    "trust",
                    "reject",
                    "scram-sha-256",
                    "md5",
                    "password",
                    "gss",
                    "sspi",
                    "ident",
                    "peer",
                    "ldap",
                    "radius",
                    "cert",
                    "pam",
                    "bsd",
                    "oauth");

    /// @param fields type, databases, users, address (empty for local), method
    record Rule(String line, List<String> fields) {
        String method() {
            return fields.getLast();
        }
    }

    /// What the rules say to a connection.
    enum Answer {
        ADMITTED,
        /// By a password that has to be known.
        PASSWORD,
        REJECTED,
        NO_LINE
    }

    HbaRules {
        rules = List.copyOf(rules);
        wrong = List.copyOf(wrong);
    }

    static HbaRules of(List<String> lines) {
        List<Rule> rules = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String each : lines) {
            String line = each.replaceFirst("^([^\"#]*(?:\"[^\"]*\"[^\"#]*)*)#.*$", "$1").strip();
            if (line.isEmpty() || line.startsWith("include")) {
                continue;
            }
            Rule rule = rule(line);
            if (rule == null) {
                wrong.add(line);
            } else {
                rules.add(rule);
            }
        }
        return new HbaRules(rules, wrong);
    }

    private static @org.jspecify.annotations.Nullable Rule rule(String line) {
        List<String> parts = new ArrayList<>();
        Matcher field = FIELD.matcher(line);
        while (field.find()) {
            parts.add(field.group());
        }
        boolean local = parts.getFirst().equals("local");
        if (!TYPES.contains(parts.getFirst()) || parts.size() < (local ? 4 : 5)) {
            return null;
        }
        String address = local ? "" : parts.get(3);
        int method = local ? 3 : 4;
        if (!local && parts.size() > 5 && parts.get(4).matches("[0-9]+(\\.[0-9]+){3}")) {
            address = address + "/" + parts.get(4);
            method = 5;
        }
        String word = parts.get(method).toLowerCase(Locale.ROOT);
        return METHODS.contains(word) && (local || Network.isAddress(address))
                ? new Rule(line, List.of(parts.get(0), parts.get(1), parts.get(2), address, word))
                : null;
    }

    /// What they say to a user who comes from a host, to a database or, as `replication`, to
    /// stream.
    Answer asks(String database, String user, String host, boolean tlsRefused) {
        for (Rule rule : rules) {
            String type = rule.fields().get(0);
            if (type.equals("local")
                    || type.equals("hostgssenc")
                    || (type.equals("hostssl") && tlsRefused)
                    || !names(rule.fields().get(1), database, "replication", user)
                    || !names(rule.fields().get(2), user, "", user)
                    || !Network.mayHold(rule.fields().get(3), host)) {
                continue;
            }
            return switch (rule.method()) {
                case "reject" -> Answer.REJECTED;
                case "scram-sha-256", "md5", "password" -> Answer.PASSWORD;
                default -> Answer.ADMITTED;
            };
        }
        return Answer.NO_LINE;
    }

    /// @param notAll a name that `all` doesn't stand for
    private static boolean names(String list, String wanted, String notAll, String user) {
        Matcher word = WORD.matcher(list);
        while (word.find()) {
            String each = word.group();
            String bare = each.replace("\"", "");
            boolean quoted = each.startsWith("\"");
            if (bare.equals(wanted)
                    || (!quoted && each.equals("all") && !wanted.equals(notAll))
                    || (!quoted && each.equals("sameuser") && wanted.equals(user))
                    || (!quoted && (each.startsWith("+") || each.startsWith("@")))
                    || (each.startsWith("/") && matches(each.substring(1), wanted))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String name) {
        try {
            return Pattern.compile(pattern).matcher(name).find();
        } catch (java.util.regex.PatternSyntaxException e) {
            return true;
        }
    }

    /// Lines by which everybody gets in without a password.
    List<String> openToAll() {
        return rules.stream()
                .filter(rule -> rule.method().equals("trust"))
                .filter(rule -> Network.isEverywhere(rule.fields().get(3)))
                .map(Rule::line)
                .toList();
    }
}
