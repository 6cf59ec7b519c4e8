package io.tamada.dcs.consul;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import org.jspecify.annotations.Nullable;

/// What came of a request.
sealed interface Answer {

    /// Consul answered.
    ///
    /// @param index of the newest change that the body knows of; 0 when it isn't told
    record Answered(int status, String body, long index) implements Answer {

        boolean isOk() {
            return status == 200;
        }

        /// The body as a tree; null for a body that is no JSON.
        @Nullable Object json() {
            try {
                return Json.parse(body);
            } catch (JsonException _) {
                return null;
            }
        }

        /// True when the answer is a no to this request, and not a complaint of a server that is in
        /// trouble.
        boolean isRefusal() {
            return status >= 400 && status < 500 && status != 429;
        }

        /// True when the agent found nobody to pass the request on to: it had no effect.
        boolean isLeaderless() {
            return status == 500 && body.startsWith("No cluster leader");
        }

        /// In one line.
        String problem() {
            String line = body.strip().replaceAll("\\s+", " ");
            String start = line.length() > 200 ? line.substring(0, 200) + "…" : line;
            return status == 403
                    ? "not authorised: consul.token lacks a permission (" + start + ")"
                    : "Consul answered " + status + ": " + start;
        }
    }

    /// Nobody answered, or not in time.
    ///
    /// @param sent false when it is certain that no server has seen the request
    record Silent(String problem, boolean sent) implements Answer {}
}
