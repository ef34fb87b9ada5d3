package org.careloop.referrals.domain;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.careloop.fhirmodel.FhirTime;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Task;

/**
 * A clock as the Task carries it, in an extension that the server keeps.
 *
 * @param due empty while the request is on hold: it starts anew when that ends
 * @param alarm when the platform has to act next, to remind or because it is due; empty when there is nothing left to do
 */
record RunningClock(ClockKind kind, Optional<Instant> due, Optional<Instant> alarm) {

    static final String EXTENSION = "https://careloop.org/fhir/StructureDefinition/task-clock";
    private static final String CLOCK = "clock";
    private static final String DUE = "due";
    private static final String ALARM = "alarm";

    /** Returns the clocks of {@code task}. */
    static List<RunningClock> of(Task task) {
        return task.getExtensionsByUrl(EXTENSION).stream()
                .map(RunningClock::read)
                .toList();
    }

    /** Gives {@code task} these clocks and no others. */
    static void set(Task task, List<RunningClock> clocks) {
        task.getExtension().removeIf(extension -> EXTENSION.equals(extension.getUrl()));
        clocks.forEach(clock -> task.addExtension(clock.write()));
    }

    boolean isPaused() {
        return due.isEmpty();
    }

    /** Whether it was due, and what follows was done. */
    boolean isMissed() {
        return due.isPresent() && alarm.isEmpty();
    }

    private static RunningClock read(Extension extension) {
        String code = extension.getExtensionByUrl(CLOCK).getValue().primitiveValue();
        return new RunningClock(
                ClockKind.valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_')),
                instant(extension, DUE),
                instant(extension, ALARM));
    }

    private static Optional<Instant> instant(Extension extension, String part) {
        return Optional.ofNullable(extension.getExtensionByUrl(part))
                .map(found -> ((DateTimeType) found.getValue()).getValue().toInstant());
    }

    private Extension write() {
        Extension extension = new Extension(EXTENSION);
        extension.addExtension(CLOCK, new CodeType(kind.code()));
        due.ifPresent(at -> extension.addExtension(DUE, FhirTime.dateTime(at)));
        alarm.ifPresent(at -> extension.addExtension(ALARM, FhirTime.dateTime(at)));
        return extension;
    }
}
