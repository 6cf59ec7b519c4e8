package io.tamada.agent.doctor;

import java.util.List;

/// One kind of question to a machine and its configuration. Changes nothing.
interface Check {

    /// What is wrong; empty when nothing is. Takes a bounded time.
    List<Diagnosis> examine(Patient patient) throws InterruptedException;
}
