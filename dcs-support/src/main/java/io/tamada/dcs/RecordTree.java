package io.tamada.dcs;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ConfigDocument;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Records to plain trees and back, by the names of their components: for values that only this
/// software itself reads again.
///
/// A record that stands where a sealed type was declared says which one it is under `@`. Only types
/// that the declarations permit are ever made.
final class RecordTree {

    private static final String KIND = "@";
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(pass|secret|token|credential|private_key|dsn|conninfo).*");

    private final Map<Class<?>, Function<Object, Object>> writers = new LinkedHashMap<>();
    private final Map<Class<?>, Function<Map<?, ?>, Object>> readers = new LinkedHashMap<>();

    /// How values of a type are written and read that is no record.
    <T> RecordTree with(
            Class<T> type,
            Function<T, Map<String, @Nullable Object>> writer,
            Function<Map<?, ?>, T> reader) {
        writers.put(type, value -> writer.apply(type.cast(value)));
        readers.put(type, reader::apply);
        return this;
    }

    // ---- write
    // ---------------------------------------------------------------------------------------------------

    @Nullable Object write(@Nullable Object value, Type declared) {
        return switch (value) {
            case null -> null;
            case String _, Boolean _, Integer _, Long _, Double _ -> value;
            case Duration duration -> duration.toString();
            case Instant instant -> instant.toString();
            case Enum<?> constant -> constant.name();
            case ConfigDocument document -> withoutSecrets(document.root());
            case ClusterSettings settings -> withoutSecrets(settings.document().root());
            case Collection<?> items -> list(items, argument(declared, 0));
            case Map<?, ?> map -> object(map, argument(declared, 1));
            case Record entry -> entry(entry, declared);
            default -> other(value);
        };
    }

    private Object other(Object value) {
        Function<Object, Object> writer = writers.get(value.getClass());
        if (writer == null) {
            throw new IllegalArgumentException("can't be written: " + value.getClass().getName());
        }
        return writer.apply(value);
    }

    private List<@Nullable Object> list(Collection<?> items, Type declared) {
        List<@Nullable Object> result = new ArrayList<>();
        items.forEach(item -> result.add(write(item, declared)));
        return result;
    }

    private Map<String, @Nullable Object> object(Map<?, ?> map, Type declared) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        map.forEach((key, value) -> result.put(name(key), write(value, declared)));
        return result;
    }

    private static String name(Object key) {
        return key instanceof Enum<?> constant ? constant.name() : key.toString();
    }

    private Map<String, @Nullable Object> entry(Record value, Type declared) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        if (raw(declared) != value.getClass()) {
            result.put(KIND, value.getClass().getSimpleName());
        }
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object part = part(value, component);
            if (part != null) {
                result.put(component.getName(), write(part, typeOf(component, declared)));
            }
        }
        return result;
    }

    private static @Nullable Object part(Record value, RecordComponent component) {
        try {
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException("can't be read: " + component, e);
        }
    }

    static Object withoutSecrets(Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> result = new LinkedHashMap<>();
                map.forEach((key, value) -> {
                    boolean secret = SECRET.matcher(key.toString()).matches();
                    result.put(
                            key.toString(),
                            value == null ? null : secret ? "***" : withoutSecrets(value));
                });
                yield result;
            }
            case List<?> items -> items.stream().map(RecordTree::withoutSecrets).toList();
            default -> tree;
        };
    }

    // ---- read
    // ----------------------------------------------------------------------------------------------------

    /// @throws JsonException when the tree is not one of this type
    @Nullable Object read(@Nullable Object tree, Type declared) {
        Class<?> type = raw(declared);
        if (tree == null) {
            return null;
        }
        try {
            if (type == Duration.class) {
                return Duration.parse((String) tree);
            }
            if (type == Instant.class) {
                return Instant.parse((String) tree);
            }
            if (type.isEnum()) {
                return constant(type, (String) tree);
            }
            if (type == int.class || type == Integer.class) {
                return ((Number) tree).intValue();
            }
            if (type == ConfigDocument.class) {
                return ConfigDocument.of(plain(tree));
            }
            if (type == ClusterSettings.class) {
                return ClusterSettings.of(ConfigDocument.of(plain(tree)));
            }
            if (Collection.class.isAssignableFrom(type)) {
                return items(tree, declared, type);
            }
            if (Map.class.isAssignableFrom(type)) {
                return map(tree, declared);
            }
            return tree instanceof Map<?, ?> map && type != Object.class
                    ? made(map, declared)
                    : tree;
        } catch (RuntimeException e) {
            throw e instanceof JsonException known
                    ? known
                    : new JsonException("JSON: no " + type.getSimpleName() + ": " + e, e);
        }
    }

    private Object items(Object tree, Type declared, Class<?> type) {
        Collection<@Nullable Object> items =
                SortedSet.class.isAssignableFrom(type)
                        ? new TreeSet<>()
                        : Set.class.isAssignableFrom(type)
                                ? new LinkedHashSet<>()
                                : new ArrayList<>();
        ((List<?>) tree).forEach(item -> items.add(read(item, argument(declared, 0))));
        return items;
    }

    private Object map(Object tree, Type declared) {
        Map<@Nullable Object, @Nullable Object> result = new LinkedHashMap<>();
        ((Map<?, ?>) tree)
                .forEach((key, value) ->
                        result.put(
                                key((String) key, raw(argument(declared, 0))),
                                read(value, argument(declared, 1))));
        return result;
    }

    private Object key(String text, Class<?> type) {
        if (type.isEnum()) {
            return constant(type, text);
        }
        return type.isRecord() ? construct(type, Map.of("value", text), type) : text;
    }

    private Object made(Map<?, ?> tree, Type as) {
        Class<?> declared = raw(as);
        Object kind = tree.get(KIND);
        Class<?> type = kind == null ? declared : permitted(declared, (String) kind);
        if (type == null) {
            throw new JsonException(
                    "JSON: " + kind + " is not a kind of " + declared.getSimpleName());
        }
        Function<Map<?, ?>, Object> reader = readers.get(type);
        return reader != null ? reader.apply(tree) : construct(type, tree, as);
    }

    private static @Nullable Class<?> permitted(Class<?> declared, String kind) {
        if (!declared.isSealed()) {
            return declared.getSimpleName().equals(kind) ? declared : null;
        }
        for (Class<?> candidate : declared.getPermittedSubclasses()) {
            Class<?> found = permitted(candidate, kind);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private Object construct(Class<?> type, Map<?, ?> tree, Type as) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw new JsonException("JSON: " + type.getSimpleName() + " can't be made");
        }
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = read(tree.get(components[i].getName()), typeOf(components[i], as));
        }
        try {
            return type.getConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new JsonException("JSON: no " + type.getSimpleName() + ": " + cause, e);
        }
    }

    private static Object constant(Class<?> type, String name) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new JsonException("JSON: " + type.getSimpleName() + " has no " + name);
    }

    private static Map<String, @Nullable Object> plain(Object tree) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        ((Map<?, ?>) tree).forEach((key, value) -> result.put((String) key, value));
        return result;
    }

    /// The type of a component; of a generic record, as it was declared where the record stands.
    private static Type typeOf(RecordComponent component, Type declared) {
        Type type = component.getGenericType();
        TypeVariable<?>[] variables = raw(declared).getTypeParameters();
        for (int i = 0; i < variables.length; i++) {
            if (variables[i].equals(type)) {
                return argument(declared, i);
            }
        }
        return type;
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType p
                ? (Class<?>) p.getRawType()
                : type instanceof Class<?> c ? c : Object.class;
    }

    private static Type argument(Type type, int index) {
        return type instanceof ParameterizedType p
                        && p.getActualTypeArguments().length > index
                        && !(p.getActualTypeArguments()[index]
                                instanceof java.lang.reflect.WildcardType)
                ? p.getActualTypeArguments()[index]
                : Object.class;
    }
}
