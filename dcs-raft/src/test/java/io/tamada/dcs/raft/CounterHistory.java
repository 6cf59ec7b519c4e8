package io.tamada.dcs.raft;

import static io.tamada.dcs.raft.RaftGroup.in;

import io.tamada.dcs.KeyValueStore.Entry;
import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Members count one counter up, each by compare-and-set, and check what a single copy of it would
/// show: nobody gets a number that somebody else got, and no read begun after an acknowledgement
/// shows less.
final class CounterHistory {

    private static final String KEY = "counter";

    private final RaftGroup group;
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final Map<Long, Integer> winners = new ConcurrentHashMap<>();
    private final AtomicLong highest = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private volatile boolean ended;
    private volatile int paused = -1;

    CounterHistory(RaftGroup group) {
        this.group = group;
    }

    void begin() {
        for (int i = 0; i < group.size(); i++) {
            int member = i;
            threads.add(Thread.ofVirtual().start(() -> count(member)));
        }
    }

    private void count(int member) {
        try {
            while (!ended) {
                if (paused == member) {
                    Thread.sleep(10);
                } else {
                    once(member);
                }
            }
        } catch (InterruptedException e) {
            problems.add("interrupted");
        } catch (RuntimeException e) {
            problems.add("member " + member + ": " + e);
        }
    }

    private void once(int member) throws InterruptedException {
        RaftStore store = group.store(member);
        long atLeast = highest.get();
        Range read = store.range(in(2));
        if (!(read instanceof Range.Seen(List<Entry> entries))) {
            return;
        }
        Entry seen = entries.stream().filter(e -> e.key().equals(KEY)).findFirst().orElse(null);
        long value = seen == null ? 0 : Long.parseLong(seen.value());
        if (value < atLeast) {
            problems.add("read " + value + " after " + atLeast + " was acknowledged");
        }
        WriteResult result = store.put(KEY, Long.toString(value + 1), guard(seen), null, in(2));
        switch (result) {
            case WriteResult.Applied _ -> {
                Integer other = winners.put(value + 1, member);
                if (other != null) {
                    problems.add((value + 1) + " was given to " + member + " and to " + other);
                }
                highest.accumulateAndGet(value + 1, Math::max);
                acknowledged.incrementAndGet();
            }
            case WriteResult.Refused _ -> {}
            case WriteResult.Unknown _ -> unknown.incrementAndGet();
        }
    }

    private static Precondition guard(@Nullable Entry seen) {
        return seen == null ? Precondition.absent() : Precondition.at(seen.revision());
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /// This member is about to be stopped.
    void pause(int member) throws InterruptedException {
        paused = member;
        Thread.sleep(50);
    }

    void resume() {
        paused = -1;
    }

    void end() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
        if (group.store(0).range(in(20)) instanceof Range.Seen(List<Entry> entries)) {
            long value =
                    entries.stream()
                            .filter(e -> e.key().equals(KEY))
                            .mapToLong(e -> Long.parseLong(e.value()))
                            .max()
                            .orElse(0);
            if (value < acknowledged.get() || value > acknowledged.get() + unknown.get()) {
                problems.add(
                        "the counter is at "
                                + value
                                + " after "
                                + acknowledged
                                + " acknowledged and "
                                + unknown
                                + " unknown steps");
            }
        } else {
            problems.add("cannot read at the end");
        }
    }

    List<String> problems() {
        return List.copyOf(problems);
    }
}
