package io.tamada.dcs.raft.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks other members, over one connection to each, made when needed. Nothing here blocks.
public final class Caller implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Caller.class.getName());
    private static final int WAITING_MAX = 1024;

    private final Network network;
    private final ScheduledExecutorService timer;
    private final int connectMillis;
    private final long silenceNanos;
    private final Map<Address, Channel> channels = new ConcurrentHashMap<>();
    private volatile Consumer<Address> connected = _ -> {};
    private volatile boolean closed;

    /// What becomes of a question. Exactly one of the two is called, once, on any thread.
    public interface Answer {
        void answered(int type, byte[] body);

        /// There is no answer.
        ///
        /// @param sent whether the other side may have got it
        void failed(boolean sent, boolean timedOut, String problem);
    }

    /// @param silenceMillis a connection on which a question timed out and nothing came in for so
    ///   long is given up
    public Caller(
            Network network,
            ScheduledExecutorService timer,
            int connectMillis,
            long silenceMillis) {
        this.network = network;
        this.timer = timer;
        this.connectMillis = connectMillis;
        this.silenceNanos = TimeUnit.MILLISECONDS.toNanos(silenceMillis);
    }

    /// Tells of each new connection.
    public void onConnected(Consumer<Address> listener) {
        connected = listener;
    }

    public boolean isConnected(Address to) {
        Channel channel = channels.get(to);
        return channel != null && channel.isOpen();
    }

    /// Begins to connect, unless there is a connection.
    public void connect(Address to) {
        channel(to).connect();
    }

    /// Sends a question; waits for the connection first if need be.
    public void call(Address to, int type, byte[] body, long timeoutMillis, Answer answer) {
        channel(to).send(new Call(type, body, answer), timeoutMillis);
    }

    /// Closes the connection: what is on its way fails.
    public void disconnect(Address to) {
        Channel channel = channels.get(to);
        if (channel != null) {
            channel.closeLink();
        }
    }

    private Channel channel(Address to) {
        return channels.computeIfAbsent(to, Channel::new);
    }

    @Override
    public void close() {
        closed = true;
        channels.values().forEach(Channel::closeLink);
    }

    private static final class Call {
        final int type;
        final byte[] body;
        final Answer answer;
        volatile @Nullable ScheduledFuture<?> timeout;

        Call(int type, byte[] body, Answer answer) {
            this.type = type;
            this.body = body;
            this.answer = answer;
        }

        void failed(boolean sent, String problem) {
            cancelTimeout();
            answer.failed(sent, false, problem);
        }

        void cancelTimeout() {
            ScheduledFuture<?> pending = timeout;
            if (pending != null) {
                pending.cancel(false);
            }
        }
    }

    /// What was asked on one connection and is not answered yet. Guarded by the channel.
    private static final class Conversation {
        final Link link;
        final Map<Long, Call> sent = new HashMap<>();

        Conversation(Link link) {
            this.link = link;
        }

        boolean ask(long id, Call call) {
            sent.put(id, call);
            if (link.offer(new Frame(true, id, call.type, call.body))) {
                return true;
            }
            sent.remove(id);
            return false;
        }
    }

    private final class Channel {
        private final Address to;
        private final Map<Long, Call> waiting = new LinkedHashMap<>();
        private @Nullable Conversation current;
        private boolean connecting;
        private long lastId;
        private String lastProblem = "";

        Channel(Address to) {
            this.to = to;
        }

        synchronized boolean isOpen() {
            return current != null && current.link.isOpen();
        }

        void send(Call call, long timeoutMillis) {
            String refused = accept(call, timeoutMillis);
            if (refused != null) {
                call.answer.failed(false, false, refused);
            }
        }

        private synchronized @Nullable String accept(Call call, long timeoutMillis) {
            if (closed) {
                return "closed";
            }
            long id = ++lastId;
            if (current != null && current.link.isOpen()) {
                if (!current.ask(id, call)) {
                    return to + " does not keep up";
                }
            } else if (waiting.size() >= WAITING_MAX) {
                return "too many calls wait for " + to;
            } else {
                waiting.put(id, call);
                connect();
            }
            Conversation asked = current;
            call.timeout =
                    timer.schedule(() -> expired(id, asked), timeoutMillis, TimeUnit.MILLISECONDS);
            return null;
        }

        private void expired(long id, @Nullable Conversation asked) {
            Call call;
            boolean sent = false;
            synchronized (this) {
                call = waiting.remove(id);
                for (Conversation where : Arrays.asList(asked, current)) {
                    if (call == null && where != null) {
                        call = where.sent.remove(id);
                        sent = call != null;
                        if (sent && where.link.silentNanos() > silenceNanos) {
                            where.link.close();
                        }
                    }
                }
            }
            if (call != null) {
                call.answer.failed(sent, true, "no answer from " + to + " in time");
            }
        }

        synchronized void connect() {
            if (!connecting && !closed && !isOpen()) {
                connecting = true;
                Thread.ofVirtual().name("raft-connect").start(this::establish);
            }
        }

        private void establish() {
            try {
                List<Call> overdue = adopt(network.connect(to, connectMillis));
                overdue.forEach(call -> call.failed(false, to + " does not keep up"));
                if (!closed) {
                    connected.accept(to);
                }
            } catch (IOException | RuntimeException e) {
                giveUp(e);
            }
        }

        private synchronized List<Call> adopt(Link made) {
            Conversation begun = new Conversation(made);
            connecting = false;
            lastProblem = "";
            current = begun;
            made.start(
                    new Link.Receiver() {
                        @Override
                        public void received(Frame frame) throws IOException {
                            answered(begun, frame);
                        }

                        @Override
                        public void closed() {
                            lost(begun);
                        }
                    });
            if (closed) {
                made.close();
            }
            List<Call> failed = new ArrayList<>();
            waiting.forEach((id, call) -> {
                if (!begun.ask(id, call)) {
                    failed.add(call);
                }
            });
            waiting.clear();
            return failed;
        }

        private void giveUp(Exception cause) {
            String problem =
                    "cannot connect to "
                            + to
                            + ": "
                            + (cause.getMessage() == null
                                    ? cause.getClass().getSimpleName()
                                    : cause.getMessage());
            List<Call> failed;
            synchronized (this) {
                connecting = false;
                failed = new ArrayList<>(waiting.values());
                waiting.clear();
                if (cause instanceof WrongPasswordException && !lastProblem.equals(problem)) {
                    LOG.log(System.Logger.Level.WARNING, problem);
                }
                lastProblem = problem;
            }
            failed.forEach(call -> call.failed(false, problem));
        }

        private void answered(Conversation where, Frame frame) throws IOException {
            if (frame.request()) {
                throw new IOException("a question on a connection for answers");
            }
            Call call;
            synchronized (this) {
                call = where.sent.remove(frame.id());
            }
            if (call != null) {
                call.cancelTimeout();
                call.answer.answered(frame.type(), frame.body());
            }
        }

        private void lost(Conversation where) {
            List<Call> lost;
            synchronized (this) {
                lost = new ArrayList<>(where.sent.values());
                where.sent.clear();
            }
            lost.forEach(call -> call.failed(true, "the connection to " + to + " was lost"));
        }

        synchronized void closeLink() {
            if (current != null) {
                current.link.close();
            }
        }
    }
}
