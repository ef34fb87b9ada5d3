package org.careloop.fhirsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Murmur3Test {

    @Test
    void isTheHashThatGuavaMakes() {
        // Given every length of a tail
        Random random = new Random(7);
        for (int length = 0; length < 200; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            // Then
            assertThat(Murmur3.hash(bytes))
                    .isEqualTo(Hashing.murmur3_128().hashBytes(bytes).asLong());
        }
    }
}
