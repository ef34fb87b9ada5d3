package org.careloop.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirsearch.IndexEntries;
import org.careloop.fhirvalidation.StructureRules;
import org.hl7.fhir.r4.model.Basic;
import org.hl7.fhir.r4.model.Resource;
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

/** What a write does in the JVM with a body: read it, check its structure, read what is indexed, write it as it is stored. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class WriteBenchmark {

    /** Type of the body. */
    @Param({"Patient", "Task", "Observation"})
    public String type = "";

    private byte[] body = {};
    private Resource resource = new Basic();
    private IndexEntries entries = IndexEntries.of(resource);

    /** Reads what the measured steps start from. */
    @Setup
    public void read() {
        body = Bodies.of(type);
        resource = FhirJson.parse(body);
        entries = IndexEntries.of(resource);
    }

    @Benchmark
    public Resource parse() {
        return FhirJson.parse(body);
    }

    @Benchmark
    public Object structureRules() {
        return StructureRules.check(resource);
    }

    @Benchmark
    public IndexEntries indexEntries() {
        return IndexEntries.of(resource);
    }

    @Benchmark
    public List<Long> indexDigests() {
        return entries.digests();
    }

    @Benchmark
    public byte[] write() {
        return FhirJson.write(resource);
    }
}
