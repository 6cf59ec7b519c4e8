package io.tamada.ctl;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A console whose operator knows beforehand what to answer.
final class ScriptedConsole implements Console {

    private final Deque<String> answers = new ArrayDeque<>();
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();

    void answers(List<String> lines) {
        answers.addAll(lines);
    }

    synchronized String out() {
        return out.toString();
    }

    synchronized String err() {
        return err.toString();
    }

    @Override
    public synchronized void print(String text) {
        out.append(text);
    }

    @Override
    public synchronized void complain(String line) {
        err.append(line).append('\n');
    }

    /// What is typed shows up behind the question, as on a terminal.
    @Override
    public synchronized @Nullable String readLine() {
        String answer = answers.poll();
        if (answer != null) {
            out.append(answer).append('\n');
        }
        return answer;
    }

    @Override
    public synchronized @Nullable String readHidden() {
        out.append('\n');
        return answers.poll();
    }

    @Override
    public synchronized String readAll() {
        StringBuilder all = new StringBuilder();
        answers.forEach(a -> all.append(a).append('\n'));
        answers.clear();
        return all.toString();
    }

    @Override
    public boolean isTerminal() {
        return false;
    }

    @Override
    public void progress(String text) {}
}
