package io.tamada.pg;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.SlotDefinition;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.SlotPlan;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Brings the replication slots in line with a plan: one slot at a time, and one that can't be
/// brought in line keeps none of the others from it.
final class ReplicationSlots {

    private static final System.Logger LOG = System.getLogger(ReplicationSlots.class.getName());
    private static final int CAN_ADVANCE = 110_000;

    OrderResult sync(Site site, SlotPlan plan) throws InterruptedException {
        try (Connection connection = Sql.open(site.local())) {
            return new Pass(site, plan, connection).run();
        } catch (SQLException e) {
            return new OrderResult.Failed("replication slots can't be read: " + Sql.problem(e));
        }
    }

    private static final class Pass {
        private final Site site;
        private final SlotPlan plan;
        private final Connection connection;
        private final int version;
        private final boolean standby;
        private final Map<String, SlotFacts> slots;
        private final List<String> problems = new ArrayList<>();

        Pass(Site site, SlotPlan plan, Connection connection) throws SQLException {
            this.site = site;
            this.plan = plan;
            this.connection = connection;
            version =
                    Integer.parseInt(
                            String.valueOf(Sql.one(connection, "SHOW server_version_num")));
            standby = "t".equals(Sql.one(connection, "SELECT pg_is_in_recovery()"));
            slots = read(connection, version);
        }

        OrderResult run() {
            new HashMap<>(slots).forEach(this::dropIfWrong);
            plan.wanted().forEach(this::bringAbout);
            return problems.isEmpty()
                    ? OrderResult.DONE
                    : new OrderResult.Failed("replication slots: " + String.join("; ", problems));
        }

        private void dropIfWrong(String name, SlotFacts slot) {
            SlotPlan.Wanted wanted = plan.wanted().get(name);
            boolean ignored = plan.ignored().stream().anyMatch(m -> m.matches(name, slot));
            if (slot.failover() || ignored) {
                return;
            }
            String why =
                    wanted == null
                            ? (plan.keepUnknown() ? null : "nobody needs it")
                            : whyWrong(wanted, slot);
            if (why != null
                    && !slot.active()
                    && did(
                            "dropping " + name,
                            "SELECT pg_drop_replication_slot(" + Sql.literal(name) + ")")) {
                LOG.log(System.Logger.Level.INFO, "Dropped replication slot {0}: {1}", name, why);
                slots.remove(name);
            }
        }

        private @Nullable String whyWrong(SlotPlan.Wanted wanted, SlotFacts slot) {
            if (!matches(wanted.definition(), slot)) {
                return "it is of another kind than wanted";
            }
            if (slot.lost() && !plan.keepUnknown()) {
                return "the WAL it needs is gone";
            }
            boolean physical = wanted.definition() instanceof SlotDefinition.Physical;
            if (physical && plan.cleanXmin() && !wanted.expectedActive() && slot.xmin()) {
                return "it holds back vacuum for nobody";
            }
            boolean idle = physical && version >= CAN_ADVANCE && !wanted.expectedActive();
            return idle && slot.position() == null ? "it reserves no WAL" : null;
        }

        private static boolean matches(SlotDefinition wanted, SlotFacts slot) {
            return switch (wanted) {
                case SlotDefinition.Physical _ -> !slot.logical();
                case SlotDefinition.Logical(String database, String plugin, _) ->
                        slot.logical()
                                && database.equals(slot.database())
                                && plugin.equals(slot.plugin());
            };
        }

        private void bringAbout(String name, SlotPlan.Wanted wanted) {
            SlotFacts slot = slots.get(name);
            switch (wanted.definition()) {
                case SlotDefinition.Physical _ -> {
                    if (slot == null) {
                        did(
                                "creating " + name,
                                "SELECT pg_create_physical_replication_slot("
                                        + Sql.literal(name)
                                        + ", true)");
                    } else if (!slot.active() && !slot.xmin()) {
                        advance(name, slot, wanted.position(), connection);
                    }
                }
                case SlotDefinition.Logical logical ->
                        logical(name, logical, slot, wanted.position());
            }
        }

        /// A standby's logical slots are copies; a missing one is copied by a task of its own.
        private void logical(
                String name,
                SlotDefinition.Logical wanted,
                @Nullable SlotFacts slot,
                @Nullable Lsn position) {
            boolean create = slot == null && !standby;
            boolean follow = slot != null && standby && !slot.active() && behind(slot, position);
            if (!create && !follow) {
                return;
            }
            try (Connection there = Sql.open(site.local().into(wanted.database()))) {
                if (slot == null) {
                    Sql.execute(
                            there,
                            "SELECT pg_create_logical_replication_slot("
                                    + Sql.literal(name)
                                    + ", "
                                    + Sql.literal(wanted.plugin())
                                    + ")");
                } else {
                    Sql.execute(there, "SET statement_timeout TO 0");
                    advance(name, slot, position, there);
                }
            } catch (SQLException e) {
                problems.add(name + ": " + Sql.problem(e));
            }
        }

        private static boolean behind(SlotFacts slot, @Nullable Lsn position) {
            return position != null && slot.position() != null && position.isAfter(slot.position());
        }

        /// PostgreSQL itself goes no further than what it has flushed or replayed.
        private void advance(
                String name, SlotFacts slot, @Nullable Lsn position, Connection there) {
            if (version >= CAN_ADVANCE && position != null && behind(slot, position)) {
                execute(
                        there,
                        "advancing " + name,
                        "SELECT pg_replication_slot_advance("
                                + Sql.literal(name)
                                + ", "
                                + Sql.literal(position.toString())
                                + ")");
            }
        }

        private boolean did(String what, String sql) {
            return execute(connection, what, sql);
        }

        private boolean execute(Connection there, String what, String sql) {
            try {
                Sql.execute(there, sql);
                return true;
            } catch (SQLException e) {
                problems.add(what + ": " + Sql.problem(e));
                return false;
            }
        }
    }

    private static Map<String, SlotFacts> read(Connection connection, int version)
            throws SQLException {
        Map<String, SlotFacts> result = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SqlProbe.slots(version))) {
            SqlProbe.readSlots(rows, result);
        }
        return result;
    }
}
