package io.tamada.dcs.raft.machine;

import io.tamada.dcs.raft.machine.Command.Condition;
import java.util.Random;

/// Commands over few keys and sessions, so that they meet.
final class RandomCommands {

    private RandomCommands() {}

    static Command next(Random random) {
        String key = "k" + random.nextInt(6);
        long session = random.nextInt(40);
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Command.Put(key, "v" + random.nextInt(), condition(random), session);
            case 2 -> new Command.Remove(key, condition(random));
            case 3 -> new Command.RemoveOwned(key, session);
            case 4 ->
                    random.nextInt(20) == 0
                            ? new Command.RemoveAll("k" + random.nextInt(3))
                            : new Command.Tick();
            case 5 -> new Command.OpenSession(random.nextInt(200) + 1L);
            case 6 ->
                    new Command.RenewSession(
                            session, random.nextInt(200) + 1L, random.nextBoolean() ? key : "");
            default -> new Command.Put(key, "ö€😀", condition(random), 0);
        };
    }

    private static Condition condition(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new Condition.Absent();
            case 1 -> new Condition.At(random.nextInt(2000));
            default -> new Condition.Whatever();
        };
    }
}
