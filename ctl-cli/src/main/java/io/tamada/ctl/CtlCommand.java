package io.tamada.ctl;

import java.util.concurrent.Callable;

/// What all commands have in common.
abstract class CtlCommand implements Callable<Integer> {

    final Ctl ctl;

    CtlCommand(Ctl ctl) {
        this.ctl = ctl;
    }

    /// Does it.
    ///
    /// @throws CtlError when it can't be done
    abstract Outcome act();

    @Override
    public final Integer call() {
        return ctl.exitCode(act());
    }

    final Console console() {
        return ctl.console();
    }

    /// Now, as lines about requests begin.
    final String now() {
        return Moments.precise(ctl.world().time().wall(), ctl.world().zone());
    }
}
