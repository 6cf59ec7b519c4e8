package demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Looks all the time whether two agents say at once that theirs is the primary.
final class PrimaryWatch implements AutoCloseable {

    private static final long PAUSE_MILLIS = 100;

    private final List<Member> members;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<String> found = new ArrayList<>();
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofMillis(500))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    PrimaryWatch(List<Member> members) {
        this.members = members;
        Thread.ofPlatform().daemon().name("primary-watch").start(this::watch);
    }

    private void watch() {
        try {
            while (!stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        List<Member> primaries = new ArrayList<>();
        for (Member member : members) {
            if (isPrimary(member)) {
                primaries.add(member);
            }
        }
        // Asked one after the other, one may have followed the other: the first must still say so.
        if (primaries.size() > 1 && isPrimary(primaries.getFirst())) {
            String names = String.join(" and ", primaries.stream().map(Member::name).toList());
            synchronized (this) {
                found.add(names + " said at once that they are the primary");
            }
        }
    }

    private boolean isPrimary(Member member) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + member.restPort() + "/primary"))
                    .timeout(Duration.ofSeconds(1))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /// What was found since the last time.
    synchronized List<String> take() {
        List<String> result = List.copyOf(found);
        found.clear();
        return result;
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
