package io.tamada.configuration;

import io.tamada.configuration.Setting.Effect;
import io.tamada.configuration.Setting.Need;
import io.tamada.configuration.ValueType.Amount.Unit;
import io.tamada.ha.dcs.StoreSetting;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A store's section as its provider describes it.
final class StoreSection {

    private static final int PORT_MAX = 65_535;

    private StoreSection() {}

    /// The section's settings. A provider that describes none gets a section that takes every key.
    static List<Setting> of(String section, List<StoreSetting> described) {
        if (described.isEmpty()) {
            return List.of(
                    Setting.local(section, new ValueType.Mapping(), "How to reach the store.")
                            .with(Effect.RESTART));
        }
        return described.stream().map(each -> setting(section, each)).toList();
    }

    private static Setting setting(String section, StoreSetting described) {
        Setting setting =
                Setting.local(section + "." + described.name(), type(described), described.doc())
                        .with(described.reloadable() ? Effect.RELOAD : Effect.RESTART)
                        .with(described.required() ? Need.REQUIRED : Need.OPTIONAL)
                        .env(section.toUpperCase(Locale.ROOT) + "_" + described.variable());
        Setting masked = described.secret() ? setting.asSecret() : setting;
        return described.standard() == null ? masked : masked.or(described.standard());
    }

    private static ValueType type(StoreSetting described) {
        return switch (described.kind()) {
            case TEXT -> new ValueType.OptionalText();
            case CHOICE -> new ValueType.Choice(Set.copyOf(described.words()));
            case FLAG -> new ValueType.Flag();
            case NUMBER -> new ValueType.Amount(Unit.NONE, 0, Integer.MAX_VALUE);
            case PORT -> new ValueType.Amount(Unit.NONE, 1, PORT_MAX);
            case SECONDS -> new ValueType.Fraction();
            case LIST -> new ValueType.Listing();
            case MAPPING -> new ValueType.Mapping();
        };
    }
}
