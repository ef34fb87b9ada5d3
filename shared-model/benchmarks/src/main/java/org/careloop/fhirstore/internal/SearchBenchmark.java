package org.careloop.fhirstore.internal;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.careloop.fhirsearch.CombinedIndex;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirsearch.SearchRequest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a search does in the JVM before the database answers: read the query string, write the statement. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class SearchBenchmark {

    private static final SearchParser PARSER = new SearchParser(50, 500);

    /** The type and what follows the question mark. */
    @Param({
        "Task?owner=Organization/a&status=requested&_sort=-_lastUpdated&_count=20",
        "Patient?identifier=http://hospital.example.org|1",
        "Observation?patient=1&code=http://loinc.org|85354-9&date=ge2026-11-01&value-quantity=gt100",
        "Task?patient.identifier=http://hospital.example.org|1&_include=Task:focus"
    })
    public String query = "";

    private final List<CombinedIndex> combined = List.of(CombinedIndex.parse("Task:owner+status"));
    private String type = "";
    private String criteria = "";
    private SearchRequest request = PARSER.parse("Patient", List.of());

    /** Reads the query once, for what starts from the request. */
    @Setup
    public void read() {
        type = query.substring(0, query.indexOf('?'));
        criteria = query.substring(query.indexOf('?') + 1);
        request = parse();
    }

    @Benchmark
    public SearchRequest parse() {
        return PARSER.parse(type, QueryParameter.parse(criteria));
    }

    @Benchmark
    public Object compile() {
        return SearchSql.of(new SqlParameters(), request, each -> Condition.EVERYTHING, combined);
    }
}
