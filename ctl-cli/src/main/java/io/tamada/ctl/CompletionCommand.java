package io.tamada.ctl;

import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Prints a script that completes commands and options in a shell.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(tamadactl completion bash)",
            "  source <(tamadactl completion zsh)",
            "  tamadactl completion fish > ~/.config/fish/completions/tamadactl.fish"
        })
final class CompletionCommand extends CtlCommand {

    /// Shells there are scripts for.
    enum Shell {
        BASH,
        ZSH,
        FISH;

        /// As it is typed.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.BASH;

    @Spec private CommandSpec spec = CommandSpec.create();

    CompletionCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        CommandLine root = spec.root().commandLine();
        console()
                .print(
                        switch (shell) {
                            // The bash script notices zsh and loads zsh's emulation.
                            case BASH, ZSH -> AutoComplete.bash(spec.root().name(), root);
                            case FISH -> FishCompletion.script(root);
                        });
        return Outcome.DONE;
    }
}
