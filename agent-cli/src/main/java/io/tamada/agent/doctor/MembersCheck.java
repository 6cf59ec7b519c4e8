package io.tamada.agent.doctor;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.time.Deadline;
import io.tamada.rest.HttpPeerClient;
import io.tamada.rest.PeerClock;
import io.tamada.rest.PeerSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Whether the other members can be reached, and what time they have.
final class MembersCheck implements Check {

    private static final String NAME = "members";
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /// Clocks are told in whole seconds.
    private static final Duration OFFSET_MAX = Duration.ofSeconds(2);

    @Override
    public List<Diagnosis> examine(Patient patient) throws InterruptedException {
        ClusterView view = patient.view();
        List<Peer> others = new ArrayList<>();
        List<Diagnosis> found = new ArrayList<>();
        if (view != null) {
            view.members()
                    .values()
                    .forEach(member -> {
                        String url = member.apiUrl();
                        if (url != null && !member.name().equals(patient.local().name())) {
                            others.add(new Peer(member.name(), url));
                        }
                    });
        }
        if (others.isEmpty()) {
            return found;
        }
        try (HttpPeerClient client =
                new HttpPeerClient(
                        PeerSettings.of(
                                patient.local().document().section("ctl"),
                                patient.local().document().section("restapi")))) {
            Instant before = patient.time().wall();
            Map<MemberName, PeerClock> clocks =
                    client.clocks(others, Deadline.after(patient.time(), PATIENCE));
            Instant after = patient.time().wall();
            for (Peer peer : others) {
                PeerClock clock = clocks.get(peer.name());
                if (clock != null) {
                    judge(peer, clock, before, after, found);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // The files are looked at by a check of their own.
            return found;
        }
        return found;
    }

    private static void judge(
            Peer peer, PeerClock clock, Instant before, Instant after, List<Diagnosis> found) {
        switch (clock) {
            case PeerClock.Silent(String problem) ->
                    found.add(
                            Diagnosis.warning(
                                    NAME,
                                    "the REST API of "
                                            + peer.name()
                                            + " at "
                                            + peer.apiUrl()
                                            + " doesn't answer: "
                                            + (problem.startsWith("ConnectException")
                                                    ? "nobody listens there"
                                                    : problem),
                                    "members that can't ask each other don't know who is ahead, and none may take over",
                                    "see that its agent runs, and that this machine reaches it (firewall, TLS)"));
            case PeerClock.Shows(Instant at) -> {
                Instant latest = at.plusSeconds(1);
                Duration ahead = Duration.between(after, at);
                Duration behind = Duration.between(latest, before);
                Duration offset = ahead.compareTo(behind) > 0 ? ahead : behind;
                if (offset.compareTo(OFFSET_MAX) > 0) {
                    found.add(
                            Diagnosis.warning(
                                    "clock",
                                    "the clock of "
                                            + peer.name()
                                            + " is "
                                            + offset.toSeconds()
                                            + " s "
                                            + (offset.equals(ahead) ? "ahead of" : "behind")
                                            + " this machine's",
                                    "schedules, certificates and logs go by the clock; leases don't",
                                    "synchronise the clocks of all members (chrony, systemd-timesyncd)"));
                }
            }
        }
    }
}
