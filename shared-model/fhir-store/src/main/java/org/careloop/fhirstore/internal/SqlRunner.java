package org.careloop.fhirstore.internal;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** Runs one statement, on the pool (each its own transaction) or on the connection of a transaction. */
@FunctionalInterface
public interface SqlRunner {

    /** Returns the rows, each as its columns' values; parameters are {@code $1} and on. */
    Uni<List<Object[]>> run(String sql, Object... parameters);
}
