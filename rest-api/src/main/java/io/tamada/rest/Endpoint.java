package io.tamada.rest;

/// Answers one kind of request.
@FunctionalInterface
interface Endpoint {

    /// May take as long as the command does; throws only when the server stops.
    Response answer(Request request) throws InterruptedException;
}
