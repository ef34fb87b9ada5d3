package org.careloop.referrals.domain;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;

/**
 * A change of what was asked after it was asked. Those who were asked are told by an extension of their Tasks, when it was amended
 * last; the server alone sets it.
 */
public final class Amendment {

    private static final String EXTENSION = "https://careloop.org/fhir/StructureDefinition/request-amended";

    /** What a change of is none: the status is told by the Task, whom the platform addresses it to is not what is asked. */
    private static final Set<String> NOT_ASKED = Set.of("id", "meta", "text", "status", "performer");

    private Amendment() {}

    /** Whether {@code next} asks for something else than {@code previous}. */
    public static boolean is(ServiceRequest previous, ServiceRequest next) {
        return next.children().stream()
                .map(property -> property.getName().replace("[x]", ""))
                .filter(element -> !NOT_ASKED.contains(element))
                .anyMatch(element -> !Element.isSame(element, previous, next));
    }

    /**
     * Fails with {@link ProblemCode#VERSION_NOT_NAMED} when {@code next} asks for something else while {@code tasks} are open: who
     * amends what is under way has to know what it amends.
     */
    public static void requireNoOpen(ServiceRequest previous, ServiceRequest next, Collection<Task> tasks) {
        if (tasks.stream().anyMatch(Amendment::concerns) && is(previous, next)) {
            throw new FhirProblem(
                    ProblemCode.VERSION_NOT_NAMED,
                    "If-Match: absent (expected: the ETag of what is amended, because there are open Tasks for it)");
        }
    }

    /** Returns those of {@code tasks} whose owners are to be told, each as it tells of an amendment {@code at}. */
    public static List<Task> told(List<Task> tasks, Instant at) {
        return tasks.stream()
                .filter(Amendment::concerns)
                .map(task -> {
                    Task told = task.copy();
                    set(told, Optional.of(FhirTime.dateTime(at)));
                    return told;
                })
                .toList();
    }

    private static boolean concerns(Task task) {
        return !TaskLifecycle.hasEnded(task) && task.getStatus() != Task.TaskStatus.DRAFT;
    }

    /** Lets {@code next} tell of amendments as {@code known} does, whatever its writer says. */
    public static void keep(Optional<Task> known, Task next) {
        set(next, known.flatMap(Amendment::of));
    }

    static void set(Task task, Optional<DateTimeType> at) {
        task.getExtension().removeIf(extension -> EXTENSION.equals(extension.getUrl()));
        at.ifPresent(time -> task.addExtension(new Extension(EXTENSION, time)));
    }

    private static Optional<DateTimeType> of(Task task) {
        return Optional.ofNullable(task.getExtensionByUrl(EXTENSION)).map(found -> (DateTimeType) found.getValue());
    }
}
