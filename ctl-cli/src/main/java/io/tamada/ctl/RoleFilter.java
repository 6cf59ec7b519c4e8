package io.tamada.ctl;

import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.MemberStatus;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Which members `--role` means.
enum RoleFilter {
    LEADER,
    PRIMARY,
    STANDBY_LEADER,
    REPLICA,
    STANDBY,
    ANY;

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean includes(GroupView view, MemberStatus member) {
        boolean leads = view.isLeader(member);
        return switch (this) {
            case LEADER -> leads;
            case PRIMARY -> leads && !member.role().equals(MemberRole.STANDBY_LEADER.text());
            case STANDBY_LEADER -> leads && member.knownRole().orElse(null) != MemberRole.PRIMARY;
            case REPLICA, STANDBY -> !leads;
            case ANY -> true;
        };
    }

    static final class Converter implements ITypeConverter<RoleFilter> {
        @Override
        public RoleFilter convert(String value) {
            return Arrays.stream(values())
                    .filter(r -> r.text().equals(value.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() ->
                            new TypeConversionException(
                                    "'%s' is not one of %s"
                                            .formatted(
                                                    value,
                                                    Arrays.stream(values())
                                                            .map(RoleFilter::text)
                                                            .toList())));
        }
    }

    /// For help and completion.
    static final class Candidates implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(values()).map(RoleFilter::text).iterator();
        }
    }
}
