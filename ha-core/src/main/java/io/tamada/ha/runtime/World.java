package io.tamada.ha.runtime;

import io.tamada.ha.JournalSink;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.LeaseKeeper;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Step;
import io.tamada.ha.port.Mailbox;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.port.PostgresControl;
import io.tamada.ha.port.Threads;
import io.tamada.ha.port.Watchdog;
import io.tamada.ha.time.TimeSource;
import java.util.function.Function;
import java.util.function.Supplier;

/// Everything around the engine, put together once.
///
/// @param mailboxes more of them, for threads that wait for the engine
/// @param ownConfig the configuration to begin with: the cached one, else that of the bootstrap
public record World(
        String scope,
        MemberName name,
        DistributedConfigStore store,
        LeaseKeeper keeper,
        PostgresControl postgres,
        PeerClient peers,
        Watchdog watchdog,
        TimeSource time,
        Threads threads,
        Mailbox mailbox,
        Mailbox renewals,
        Supplier<Mailbox> mailboxes,
        Function<Observation, Step> policy,
        JournalSink journal,
        ConfigDocument ownConfig) {}
