package io.tamada.ctl;

import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Versioned;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The lines below a table of members. Pure.
final class Footer {

    private static final int KEY_WIDTH = 24;

    private Footer() {}

    static String of(MemberTable table) {
        StringBuilder out = new StringBuilder();
        for (GroupView view : table.groups()) {
            List<String> lines = lines(view);
            if (!lines.isEmpty() && table.citus() && table.groups().size() > 1) {
                out.append("Citus group: ").append(view.group()).append('\n');
            }
            lines.forEach(l -> out.append(' ').append(l).append('\n'));
        }
        return out.toString();
    }

    private static List<String> lines(GroupView view) {
        List<String> lines = new ArrayList<>();
        if (view.settings().paused()) {
            lines.add("Maintenance mode: on");
        }
        Versioned<FailoverRequest> asked = view.view().failover();
        if (asked != null
                && asked.value() instanceof FailoverRequest.Switchover(var from, var to, var at)
                && at != null) {
            lines.add("Switchover scheduled at: " + at.text());
            lines.add(aligned("from:") + " " + from);
            if (to != null) {
                lines.add(aligned("to:") + " " + to);
            }
        }
        lines.addAll(alarms(view.members()));
        return lines;
    }

    /// A line for each member that needs a person's help.
    static List<String> alarms(Collection<MemberStatus> members) {
        List<String> lines = new ArrayList<>();
        for (MemberStatus m : members) {
            if (m.alarm() != null) {
                lines.add("ALARM, " + m.name() + ": " + m.alarm());
            }
        }
        return lines;
    }

    private static String aligned(String key) {
        return " ".repeat(KEY_WIDTH - key.length()) + key;
    }
}
