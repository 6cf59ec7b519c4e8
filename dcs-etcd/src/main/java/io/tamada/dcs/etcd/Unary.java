package io.tamada.dcs.etcd;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.tamada.ha.time.Deadline;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One question and one answer, also where the method could carry more.
final class Unary {

    private Unary() {}

    sealed interface Result<A> {
        record Answer<A>(A answer) implements Result<A> {}

        record Failure<A>(Status status) implements Result<A> {}
    }

    static <Q, A> Result<A> call(
            Channel channel, MethodDescriptor<Q, A> method, Q request, Deadline by)
            throws InterruptedException {
        long nanos = by.remaining().toNanos();
        ListenableFuture<A> answer =
                ClientCalls.futureUnaryCall(
                        channel.newCall(
                                method,
                                CallOptions.DEFAULT.withDeadlineAfter(nanos, TimeUnit.NANOSECONDS)),
                        request);
        try {
            return new Result.Answer<>(answer.get(nanos, TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            return new Result.Failure<>(Status.fromThrowable(e));
        } catch (TimeoutException e) {
            return new Result.Failure<>(Status.DEADLINE_EXCEEDED);
        } finally {
            answer.cancel(true);
        }
    }

    /// What a status means, for people.
    static String words(Status status) {
        String text = status.getDescription();
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> "no answer in time";
            case UNAVAILABLE -> text == null ? "the connection was lost" : text;
            default -> status.getCode() + (text == null ? "" : ": " + text);
        };
    }
}
