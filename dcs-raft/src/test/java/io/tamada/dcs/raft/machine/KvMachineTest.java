package io.tamada.dcs.raft.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.raft.machine.Command.Condition;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KvMachineTest {

    private static final Condition ABSENT = new Condition.Absent();
    private static final Condition WHATEVER = new Condition.Whatever();

    private final KvMachine machine = new KvMachine();

    @Test
    void conditionsDecideAndEachWriteHasARevisionOfItsOwn() {
        Outcome first = apply(0, new Command.Put("a", "1", ABSENT, 0));
        assertThat(apply(0, new Command.Put("a", "2", ABSENT, 0)))
                .isInstanceOf(Outcome.Refused.class);
        long revision = ((Outcome.Applied) first).revision();
        Outcome second = apply(0, new Command.Put("a", "2", new Condition.At(revision), 0));
        assertThat(((Outcome.Applied) second).revision()).isGreaterThan(revision);
        assertThat(apply(0, new Command.Put("a", "3", new Condition.At(revision), 0)))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(apply(0, new Command.Put("b", "1", new Condition.At(1), 0)))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(machine.range("")).extracting(KvEntry::value).containsExactly("2");
    }

    @Test
    void whatIsNotThereCountsAsRemoved() {
        assertThat(apply(0, new Command.Remove("a", new Condition.At(7))))
                .isInstanceOf(Outcome.Applied.class);
        apply(0, new Command.Put("a", "1", WHATEVER, 0));
        assertThat(apply(0, new Command.Remove("a", new Condition.At(7))))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(apply(0, new Command.Remove("a", WHATEVER))).isInstanceOf(Outcome.Applied.class);
        assertThat(machine.range("")).isEmpty();
    }

    @Test
    void aSessionEndsExactlyWhenItsTimeIsReached() {
        long session = open(100, 50);
        apply(100, new Command.Put("leader", "x", ABSENT, session));
        assertThat(step(149, new Command.Tick()).changed()).isEmpty();
        assertThat(machine.nextExpiry()).isEqualTo(150);
        assertThat(step(150, new Command.Tick()).changed()).containsExactly("leader");
        assertThat(apply(150, new Command.RenewSession(session, 50, "")))
                .isInstanceOf(Outcome.SessionLost.class);
        assertThat(apply(150, new Command.Put("leader", "x", ABSENT, session)))
                .isInstanceOf(Outcome.SessionLost.class);
        assertThat(machine.nextExpiry()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aSmallerStampDoesNotTurnTimeBack() {
        apply(100, new Command.Tick());
        long session = open(40, 10);
        assertThat(machine.time()).isEqualTo(100);
        assertThat(apply(109, new Command.RenewSession(session, 10, "")))
                .isInstanceOf(Outcome.SessionGranted.class);
    }

    @Test
    void renewingNeverShortensASession() {
        long session = open(0, 100);
        apply(10, new Command.RenewSession(session, 20, ""));
        assertThat(apply(99, new Command.RenewSession(session, 1, "")))
                .isInstanceOf(Outcome.SessionGranted.class);
        assertThat(apply(100, new Command.RenewSession(session, 1, "")))
                .isInstanceOf(Outcome.SessionLost.class);
    }

    @Test
    void renewingTellsWhetherTheKeyIsStillOwned() {
        long mine = open(0, 100);
        long other = open(0, 100);
        apply(1, new Command.Put("leader", "x", ABSENT, mine));
        assertThat(apply(1, new Command.RenewSession(mine, 100, "leader")))
                .isInstanceOf(Outcome.SessionGranted.class);
        apply(1, new Command.Put("leader", "y", WHATEVER, other));
        assertThat(apply(1, new Command.RenewSession(mine, 100, "leader")))
                .isInstanceOf(Outcome.NotOwner.class);
        assertThat(apply(1, new Command.RemoveOwned("leader", mine)))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(apply(1, new Command.RemoveOwned("leader", other)))
                .isInstanceOf(Outcome.Applied.class);
        assertThat(apply(1, new Command.RemoveOwned("leader", other)))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aKeyThatPassedToNobodyOutlivesTheSession() {
        long session = open(0, 10);
        apply(0, new Command.Put("a", "1", ABSENT, session));
        apply(0, new Command.Put("a", "2", WHATEVER, 0));
        apply(11, new Command.Tick());
        assertThat(machine.range("")).extracting(KvEntry::value).containsExactly("2");
    }

    @Test
    void aPrefixIsNotItsNeighbour() {
        for (String key : List.of("/s/a/leader", "/s/ab/leader", "/s/a/x", "/s/a0")) {
            apply(0, new Command.Put(key, "", ABSENT, 0));
        }
        apply(0, new Command.RemoveAll("/s/a/"));
        assertThat(machine.range(""))
                .extracting(KvEntry::key)
                .containsExactly("/s/a0", "/s/ab/leader");
    }

    @Test
    void replaysAndSnapshotsGiveTheSameBytes() throws IOException {
        Random random = new Random(5);
        KvMachine left = new KvMachine();
        KvMachine right = new KvMachine();
        for (int i = 0; i < 5_000; i++) {
            Command command = RandomCommands.next(random);
            assertThat(decoded(command)).isEqualTo(command);
            KvMachine.Step expected = left.apply(i * 3L, command);
            assertThat(right.apply(i * 3L, decoded(command))).isEqualTo(expected);
            if (i % 97 == 0) {
                byte[] saved = CommandCodec.written(right::save);
                right = KvMachine.load(new DataInputStream(new ByteArrayInputStream(saved)));
                assertThat(saved).isEqualTo(CommandCodec.written(left::save));
            }
        }
        assertThat(CommandCodec.written(right::save)).isEqualTo(CommandCodec.written(left::save));
    }

    private static Command decoded(Command command) throws IOException {
        return CommandCodec.stamped(CommandCodec.stamped(3, CommandCodec.bytes(command))).command();
    }

    private long open(long stamp, long ttl) {
        return ((Outcome.SessionGranted) apply(stamp, new Command.OpenSession(ttl))).session();
    }

    private Outcome apply(long stamp, Command command) {
        return step(stamp, command).outcome();
    }

    private KvMachine.Step step(long stamp, Command command) {
        return machine.apply(stamp, command);
    }
}
