package io.tamada.configuration;

import io.tamada.configuration.PlacedDocument.Spot;
import io.tamada.ha.model.ConfigDocument;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/// Reads YAML 1.1 (`on`, `off`, `yes` and `no` are booleans) into plain values with their places.
///
/// Only plain data is understood, within limits: depth, size, aliases. Whatever is wrong becomes a
/// finding with its place; a finding never repeats a value, for it may be a password that lacks its
/// quotes.
public final class YamlReader {

    private static final int DEPTH_MAX = 50;
    private static final int VALUES_MAX = 100_000;
    private static final int CHARACTERS_MAX = 4_000_000;
    private static final String QUOTES =
            "; a value that begins with one of * & ! % @ ` or contains ': ' or ' #' needs quotes";

    private final String source;
    private final Findings findings;
    private final PlainScalars scalars = new PlainScalars(options());
    private final Map<List<String>, Spot> spots = new HashMap<>();
    private final List<Node> open = new ArrayList<>();
    private int values;

    private YamlReader(String source, Findings findings) {
        this.source = source;
        this.findings = findings;
    }

    /// Reads a document whose root is a mapping; an empty one gives an empty tree.
    public static PlacedDocument mapping(String source, String text, Findings findings) {
        return new YamlReader(source, findings).document(text);
    }

    /// Reads any value, without keeping places.
    ///
    /// @return null when it is null, and also when it can't be read, which is then a finding
    public static @Nullable Object value(String source, String text, Findings findings) {
        return new YamlReader(source, findings).read(text, new ArrayList<>());
    }

    private PlacedDocument document(String text) {
        Object root = read(text, new ArrayList<>());
        Place whole = Place.of(source);
        return switch (root) {
            case null -> PlacedDocument.empty(whole);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> typed = new LinkedHashMap<>();
                map.forEach((key, value) -> typed.put(String.valueOf(key), value));
                yield new PlacedDocument(whole, ConfigDocument.of(typed), spots);
            }
            default -> {
                findings.refuse(
                        new Place(source, 1, 1),
                        "",
                        "not a mapping; expected lines of the form 'key: value'");
                yield PlacedDocument.empty(whole);
            }
        };
    }

    private @Nullable Object read(String text, List<String> path) {
        try {
            Node node = new Yaml(scalars).compose(new StringReader(text));
            return node == null ? null : plain(node, path);
        } catch (MarkedYAMLException e) {
            findings.refuse(
                    place(e.getProblemMark()),
                    "",
                    "not valid YAML: " + problem(e.getProblem()) + QUOTES);
        } catch (ReaderException e) {
            findings.refuse(
                    placeOfIndex(text, e.getPosition()),
                    "",
                    "not valid YAML: a character that YAML doesn't allow (code "
                            + e.getCodePoint()
                            + "); remove it");
        } catch (Unreadable e) {
            findings.refuse(e.place, "", e.text);
        } catch (YAMLException | StackOverflowError e) {
            findings.refuse(
                    Place.of(source), "", "not valid YAML: too deep, too long or too many aliases");
        }
        return null;
    }

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(DEPTH_MAX);
        options.setCodePointLimit(CHARACTERS_MAX);
        options.setMaxAliasesForCollections(DEPTH_MAX);
        options.setAllowRecursiveKeys(false);
        options.setWarnOnDuplicateKeys(false);
        return options;
    }

    private @Nullable Object plain(Node node, List<String> path) {
        values++;
        if (values > VALUES_MAX || open.size() > DEPTH_MAX || open.contains(node)) {
            throw new Unreadable(
                    place(node.getStartMark()), "too many values, too deep, or an alias of itself");
        }
        open.add(node);
        Object result =
                switch (node) {
                    case MappingNode mapping -> map(mapping, path);
                    case SequenceNode sequence -> list(sequence, path);
                    case ScalarNode scalar -> scalar(scalar);
                    default ->
                            throw new Unreadable(
                                    place(node.getStartMark()),
                                    "not valid YAML: an unexpected part");
                };
        open.removeLast();
        return result;
    }

    private Map<String, @Nullable Object> map(MappingNode node, List<String> path) {
        plainTag(node, Tag.MAP);
        noticeRepeatedKeys(node, path);
        scalars.resolveMerges(node);
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        for (NodeTuple entry : node.getValue()) {
            Place keyPlace = place(entry.getKeyNode().getStartMark());
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new Unreadable(keyPlace, "a key must be plain text");
            }
            String name = key.getValue();
            List<String> here = with(path, name);
            spots.put(here, new Spot(keyPlace, place(entry.getValueNode().getStartMark())));
            result.put(name, plain(entry.getValueNode(), here));
        }
        return result;
    }

    /// Before merges are spread, for a key beside a merge is no repetition.
    private void noticeRepeatedKeys(MappingNode node, List<String> path) {
        Set<String> seen = new HashSet<>();
        for (NodeTuple entry : node.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key && !seen.add(key.getValue())) {
                findings.notice(
                        place(key.getStartMark()),
                        String.join(".", with(path, key.getValue())),
                        "given twice; the last one counts");
            }
        }
    }

    private List<@Nullable Object> list(SequenceNode node, List<String> path) {
        plainTag(node, Tag.SEQ);
        List<@Nullable Object> result = new ArrayList<>();
        for (Node item : node.getValue()) {
            List<String> here = with(path, String.valueOf(result.size()));
            Place place = place(item.getStartMark());
            spots.put(here, new Spot(place, place));
            result.add(plain(item, here));
        }
        return result;
    }

    private @Nullable Object scalar(ScalarNode node) {
        Tag tag = node.getTag();
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL) || tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            try {
                return scalars.build(node);
            } catch (NumberFormatException e) {
                return node.getValue();
            }
        }
        // A date stays the text that it is; so does everything quoted.
        if (!tag.equals(Tag.TIMESTAMP)) {
            plainTag(node, Tag.STR);
        }
        return node.getValue();
    }

    private void plainTag(Node node, Tag expected) {
        if (!node.getTag().equals(expected)) {
            throw new Unreadable(
                    place(node.getStartMark()),
                    "not valid YAML: a tag that is not known here" + QUOTES);
        }
    }

    private static List<String> with(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return List.copyOf(longer);
    }

    private Place place(@Nullable Mark mark) {
        return mark == null
                ? Place.of(source)
                : new Place(source, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Place placeOfIndex(String text, int index) {
        String before = text.substring(0, Math.clamp(index, 0, text.length()));
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return new Place(source, line, before.length() - before.lastIndexOf('\n'));
    }

    /// The parser's sentence without the piece of text that it quotes.
    private static String problem(@Nullable String text) {
        return String.valueOf(text)
                .replaceAll(
                        "(?s)\\b(undefined alias|duplicate anchor|tag handle|for the tag|directive)\\b.*",
                        "$1")
                .replace('\n', ' ');
    }

    /// Builds numbers and booleans by YAML's rules, and spreads `<<` merges.
    private static final class PlainScalars extends SafeConstructor {

        PlainScalars(LoaderOptions options) {
            super(options);
        }

        @Nullable Object build(ScalarNode node) {
            return constructDocument(node);
        }

        void resolveMerges(MappingNode node) {
            flattenMapping(node);
        }
    }

    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Place place;
        private final String text;

        Unreadable(Place place, String text) {
            super(text, null, false, false);
            this.place = place;
            this.text = text;
        }
    }
}
