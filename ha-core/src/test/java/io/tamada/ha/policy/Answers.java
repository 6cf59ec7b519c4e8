package io.tamada.ha.policy;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Timeline;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a peer says when it is asked, beginning with a standby on the first timeline.
final class Answers {

    private final long position;
    private boolean inRecovery = true;
    private @Nullable Timeline timeline = Timeline.FIRST;
    private final Map<String, Object> tags = new LinkedHashMap<>();
    private boolean watchdogFailed;
    private @Nullable String generation;

    private Answers(long position) {
        this.position = position;
    }

    static Answers standbyAt(long position) {
        return new Answers(position);
    }

    static Answers primaryAt(long position) {
        Answers answer = new Answers(position);
        answer.inRecovery = false;
        return answer;
    }

    Answers timeline(int value) {
        timeline = value == 0 ? null : Timeline.of(value);
        return this;
    }

    Answers tag(String name, Object value) {
        tags.put(name, value);
        return this;
    }

    Answers watchdogFailed() {
        watchdogFailed = true;
        return this;
    }

    /// It stopped its receiver when this lease was over.
    Answers generation(String value) {
        generation = value;
        return this;
    }

    PeerAnswer said() {
        return new PeerAnswer.Answered(
                inRecovery, Lsn.of(position), timeline, new Tags(tags), watchdogFailed, generation);
    }
}
