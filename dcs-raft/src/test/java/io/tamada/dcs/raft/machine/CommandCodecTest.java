package io.tamada.dcs.raft.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommandCodecTest {

    @Test
    void aCutCommandIsAnErrorAndNothingElse() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = CommandCodec.bytes(RandomCommands.next(random));
            for (int length = 0; length < bytes.length; length++) {
                DataInputStream cut =
                        new DataInputStream(new ByteArrayInputStream(Arrays.copyOf(bytes, length)));
                assertThatThrownBy(() -> CommandCodec.command(cut)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void noiseIsACommandOrAnError() {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            try {
                assertThat(
                                CommandCodec.command(
                                        new DataInputStream(new ByteArrayInputStream(noise))))
                        .isNotNull();
            } catch (IOException expected) {
                assertThat(expected).isNotNull();
            }
        }
    }

    @Test
    void anotherVersionIsAnError() {
        ByteBuffer entry = CommandCodec.stamped(1, CommandCodec.bytes(new Command.Tick()));
        entry.put(0, (byte) 9);
        assertThatThrownBy(() -> CommandCodec.stamped(entry))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("9");
    }
}
