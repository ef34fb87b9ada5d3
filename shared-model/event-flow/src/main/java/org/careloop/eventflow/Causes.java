package org.careloop.eventflow;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/** Tells failures that pass from those that stay, and names them without their texts, which may hold data. */
public final class Causes {

    private Causes() {}

    /** Tells whether trying the same again later may succeed without anybody's help. */
    public static boolean passes(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FhirProblem problem) {
                return problem.code() == ProblemCode.UNAVAILABLE || problem.code() == ProblemCode.VERSION_CONFLICT;
            }
            if (cause instanceof IOException
                    || cause instanceof TimeoutException
                    || cause instanceof ClosedConnectionException) {
                return true;
            }
            if (cause instanceof PgException pg) {
                return passingState(pg.getSqlState());
            }
            if (cause instanceof SQLException sql) {
                return passingState(sql.getSQLState());
            }
        }
        return false;
    }

    /** Returns class names, and the text of a FhirProblem, which holds no data. */
    public static String nameOf(Throwable failure) {
        if (failure instanceof FhirProblem problem) {
            return problem.getMessage();
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root == failure || root.getClass() == failure.getClass()
                ? failure.getClass().getSimpleName()
                : failure.getClass().getSimpleName() + " <- "
                        + (root instanceof FhirProblem problem
                                ? problem.getMessage()
                                : root.getClass().getSimpleName());
    }

    /**
     * Connection lost, resources short, shut down or timed out, serialization or deadlock (classes 08, 53, 57, 40), a lock
     * not had in time, read-only, or another transaction that inserted the same first.
     */
    private static boolean passingState(String state) {
        return state == null
                || state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")
                || state.startsWith("40")
                || state.equals("55P03")
                || state.equals("25006")
                || state.equals("23505");
    }
}
