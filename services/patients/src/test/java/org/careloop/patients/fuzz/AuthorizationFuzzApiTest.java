package org.careloop.patients.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two hospitals, two agencies, patients, a supervisor and others try to read, infer and change each other's data by random
 * requests; what each gets must be what {@link Model} says. The seed is in the name of a failure; {@code -Dfuzz.seed=}
 * repeats it.
 */
@QuarkusTest
class AuthorizationFuzzApiTest {

    private static final int SEARCHES = 40;
    private static final int READS = 12;
    private static final int WRITES = 14;
    private static final int HISTORIES = 6;
    private static final int RECORDS = 10;
    private static final int CRITERIA = 5;
    private static final int SHOWN = 40;

    static LongStream seeds() {
        Long one = Long.getLong("fuzz.seed");
        return one == null ? LongStream.of(1, LocalDate.now(ZoneOffset.UTC).toEpochDay()) : LongStream.of(one);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nobodyReadsInfersOrChangesWhatIsNotOpen(long seed) {
        // Given
        Http http = new Http();
        World world = new World(seed, http);
        world.make();
        // When
        Reads reads = new Reads(world, http);
        reads.halfOfAllByEveryCaller();
        reads.singleRequests(READS);
        reads.histories();
        reads.historyOfAll();
        reads.historiesOfSome(HISTORIES);
        Wholes wholes = new Wholes(world, http);
        wholes.ask(RECORDS);
        Searches searches = new Searches(world, http);
        searches.ask(SEARCHES);
        Writes writes = new Writes(world, http);
        writes.attempt(WRITES);
        writes.byChains(CRITERIA);
        writes.nothingElseChanged();
        // Then
        List<String> faults = Stream.of(reads.faults(), wholes.faults(), searches.faults(), writes.faults())
                .flatMap(each -> each.stream().limit(SHOWN))
                .toList();
        System.out.printf(
                "authorization fuzz, seed %d: %d requests, %d matches shown, %d writes done%n",
                seed, http.sent(), searches.found(), writes.allowed());
        assertThat(String.join("\n", faults)).as("seed %d", seed).isEmpty();
        assertThat(searches.found()).as("seed %d: matches", seed).isPositive();
        assertThat(wholes.shown()).as("seed %d: records", seed).isPositive();
        assertThat(writes.foundByChains()).as("seed %d: criteria", seed).isPositive();
        assertThat(writes.allowed()).as("seed %d: writes", seed).isPositive();
    }
}
