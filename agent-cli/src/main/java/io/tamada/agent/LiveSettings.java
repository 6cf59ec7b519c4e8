package io.tamada.agent;

import io.tamada.configuration.LocalConfiguration;
import io.tamada.ha.HaAgent;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberSettings;
import io.tamada.pg.PostgresSettings;
import io.tamada.rest.RestSettings;
import org.jspecify.annotations.Nullable;

/// What is in force: the local configuration laid over the dynamic one, anew whenever one of them
/// changes.
final class LiveSettings {

    private static final System.Logger LOG = System.getLogger(LiveSettings.class.getName());

    private volatile LocalConfiguration local;
    private volatile @Nullable HaAgent agent;
    private volatile @Nullable MemberSettings lastMember;
    private volatile String lastProblem = "";

    LiveSettings(LocalConfiguration local) {
        this.local = local;
    }

    LocalConfiguration local() {
        return local;
    }

    void use(LocalConfiguration changed) {
        local = changed;
    }

    /// Tells this agent from now on when the dynamic configuration changes what its member may do.
    void follow(HaAgent running) {
        agent = running;
    }

    /// PostgreSQL's settings under a dynamic configuration.
    ///
    /// @throws IllegalArgumentException for a value that won't do
    PostgresSettings postgres(ClusterSettings cluster) {
        LocalConfiguration own = local;
        ConfigDocument merged =
                PostgresSettings.merge(
                        cluster.document().section("postgresql"),
                        own.document().section("postgresql"));
        return PostgresSettings.of(
                own.scope(), own.name(), merged, own.document().section("bootstrap"));
    }

    /// The same for a running server: null keeps what is in force, where the new configuration
    /// won't do.
    @Nullable PostgresSettings effective(ClusterSettings cluster) {
        try {
            PostgresSettings settings = postgres(cluster);
            HaAgent running = agent;
            MemberSettings before = lastMember;
            MemberSettings member =
                    member(settings, RestSettings.of(local.document().section("restapi")));
            if (running != null && !member.equals(before)) {
                running.reload(member);
            }
            lastProblem = "";
            return settings;
        } catch (IllegalArgumentException e) {
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(lastProblem)) {
                lastProblem = problem;
                LOG.log(
                        System.Logger.Level.ERROR,
                        "The configuration stays as it was: {0}",
                        problem);
            }
            return null;
        }
    }

    MemberSettings member(PostgresSettings postgres, RestSettings rest) {
        LocalConfiguration own = local;
        MemberSettings member =
                new MemberSettings(
                        own.name(),
                        rest.apiUrl(),
                        postgres.connUrl(),
                        own.tags(),
                        own.mayInitialize(),
                        postgres.useRewind(),
                        postgres.removeDataOnRewindFailure(),
                        postgres.removeDataOnDivergedTimelines(),
                        postgres.cloneWithoutLeader());
        lastMember = member;
        return member;
    }
}
