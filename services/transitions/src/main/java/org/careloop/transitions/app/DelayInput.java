package org.careloop.transitions.app;

import ca.uhn.fhir.parser.DataFormatException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirrest.OperationInput;
import org.careloop.transitions.domain.AvoidableRules;
import org.careloop.transitions.domain.DelayEntry;
import org.careloop.transitions.domain.SiteTime;
import org.hl7.fhir.r4.model.DateTimeType;

/** Reads what a person says of a delay. */
final class DelayInput {

    private final OperationInput said;
    private final ZoneId zone;

    DelayInput(OperationInput said, ZoneId zone) {
        said.allow("ready", "reason", "attribution", "start", "end", "note", "by", "withdrawn");
        this.said = said;
        this.zone = zone;
    }

    /**
     * Returns what is said: a cause, or, with {@code ready}, since when the patient was ready to leave. Fails with {@link
     * ProblemCode#INVALID_PARAMETER} when it is not whole, or not within {@code begun} and {@code now}.
     */
    DelayEntry entry(String encounterId, AvoidableRules rules, Optional<Instant> begun, Caller caller, Instant now) {
        boolean readiness = said.text("ready").isPresent();
        String reason = readiness ? "" : said.required("reason");
        String attribution = readiness ? "" : said.required("attribution");
        if (!readiness) {
            rules.check(reason, attribution);
        }
        String name = readiness ? "ready" : "start";
        Instant start = time(name).orElseThrow(() -> fault(name, "missing (expected: a dateTime)"));
        Optional<Instant> end = readiness ? Optional.empty() : time("end");
        boolean within = begun.filter(start::isBefore).isEmpty() && !start.isAfter(now);
        require(within, name, "not within the stay (expected: from the admission on, not in the future)");
        require(
                end.filter(until -> !until.isAfter(start) || until.isAfter(now)).isEmpty(),
                "end",
                "not after start, or in the future (expected: when it was over, or nothing)");
        boolean noted = said.text("note").filter(note -> !note.isBlank()).isPresent();
        boolean withdrawn = said.text("withdrawn").filter("true"::equals).isPresent();
        require(
                noted || !withdrawn && !reason.equals("other"),
                "note",
                "missing (expected: why it is withdrawn, or what the other reason was)");
        String by = said.required("by");
        require(
                by.matches("(Practitioner|PractitionerRole)/[A-Za-z0-9.-]{1,64}"),
                "by",
                "not a person (expected: Practitioner/id or PractitionerRole/id)");
        String cause = readiness
                ? DelayEntry.READY
                : FhirId.derivedFrom("delay", encounterId, reason, attribution, start.toString())
                        .value();
        return new DelayEntry(
                cause, reason, attribution, start, end, said.text("note"), by, Recorder.of(caller), now, withdrawn);
    }

    /** A day without a time of day is its beginning at the site. */
    private Optional<Instant> time(String name) {
        return said.text(name).map(text -> {
            try {
                return SiteTime.of(new DateTimeType(text), zone)
                        .orElseThrow(() -> fault(name, "no day (expected: a dateTime)"));
            } catch (DataFormatException | IllegalArgumentException e) {
                throw fault(name, "not a time (expected: a dateTime)");
            }
        });
    }

    private static void require(boolean fulfilled, String parameter, String problem) {
        if (!fulfilled) {
            throw fault(parameter, problem);
        }
    }

    private static FhirProblem fault(String parameter, String problem) {
        return new FhirProblem(ProblemCode.INVALID_PARAMETER, parameter + ": " + problem);
    }
}
