package org.careloop.referrals.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.careloop.ruledata.BusinessCalendar;
import org.careloop.ruledata.RuleData;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Task.TaskPriority;
import org.hl7.fhir.r4.model.Task.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * By when what has to happen to a Task, when the platform reminds, and what follows when it is late: {@code
 * rules/task-clocks.yaml}. The Task carries its clocks, so they commit with what starts and stops them.
 */
public final class TaskClocks {

    /** What follows when a clock runs out. */
    public enum Missed {
        /** The agency is asked no longer, and the next one is, if the platform chose it; else as {@link #TELL_REQUESTER}. */
        RECALL,
        /** Whoever asked gets a Task to follow it up. */
        TELL_REQUESTER,
        /** The Task itself becomes urgent and is for a supervisor too. */
        TELL_SUPERVISOR
    }

    /** Either business days or hours. */
    record Limit(@Nullable Integer businessDays, @Nullable Integer hours) {

        Limit {
            if ((businessDays == null) == (hours == null)) {
                throw new IllegalArgumentException("limit: both or neither (expected: business-days or hours)");
            }
        }
    }

    /** {@code remind} is absent where nobody is reminded. */
    record Limits(Limit due, @Nullable Limit remind) {}

    /**
     * @param machine of which Tasks
     * @param codes of which of these, {@code system|code} of {@code code} or {@code reasonCode}; empty for all
     * @param runs in which statuses
     * @param endsWith codes of {@code businessStatus} that say that it has happened
     * @param restriction whether the end of {@code restriction.period} counts, where there is one
     * @param limits by priority; no clock where there is none
     */
    record Rule(
            ClockKind clock,
            TaskMachine machine,
            Set<String> codes,
            Set<TaskStatus> runs,
            Set<String> endsWith,
            @Nullable Boolean restriction,
            Map<TaskPriority, Limits> limits,
            Missed missed) {

        Rule {
            codes = codes == null ? Set.of() : codes;
            endsWith = endsWith == null ? Set.of() : endsWith;
            limits = limits == null ? Map.of() : limits;
        }

        boolean isDueByRestriction(Task task) {
            return Boolean.TRUE.equals(restriction)
                    && task.hasRestriction()
                    && task.getRestriction().getPeriod().hasEnd();
        }
    }

    record Rules(String version, ZoneId zone, List<Rule> clocks) {}

    /**
     * A Task after the platform looked at its clocks.
     *
     * @param task to be stored
     * @param reminded the clocks of which its owner is reminded now
     * @param missed the clocks that have run out now, with what follows
     */
    public record Look(Task task, Set<ClockKind> reminded, Map<ClockKind, Missed> missed) {}

    /** Whom a Task is for that is late, beside its owner: a role of the coordinating organisation. */
    static final Coding SUPERVISOR =
            new Coding("https://careloop.org/fhir/CodeSystem/role", "supervisor", "Supervisor");

    private final Rules rules;
    private final BusinessCalendar calendar;

    TaskClocks(Rules rules, BusinessCalendar calendar) {
        this.rules = rules;
        this.calendar = calendar;
    }

    /** Returns the clocks that this product ships, which count in {@code calendar}. */
    public static TaskClocks shipped(BusinessCalendar calendar) {
        return new TaskClocks(RuleData.fromResource(Rules.class, "rules/task-clocks.yaml"), calendar);
    }

    /**
     * Gives {@code next} the clocks that run in its state: those that ran before go on, others start {@code now}. What the
     * writer says of them does not count.
     *
     * @param known the Task whose clocks go on: what is stored, or what the platform itself is about to store
     */
    public void set(Optional<Task> known, Task next, Instant now) {
        List<RunningClock> before = known.map(RunningClock::of).orElse(List.of());
        List<RunningClock> clocks = new ArrayList<>();
        for (ClockKind kind : ClockKind.values()) {
            rule(kind, next)
                    .filter(rule -> runs(rule, next))
                    .ifPresent(rule -> before.stream()
                            .filter(clock -> clock.kind() == kind)
                            .findFirst()
                            .or(() -> start(rule, next, now))
                            .ifPresent(clocks::add));
        }
        RunningClock.set(next, clocks);
    }

    /** Reminds of, or ends, what is due {@code now}; empty when nothing is. */
    public Optional<Look> look(Task task, Instant now) {
        Set<ClockKind> reminded = new LinkedHashSet<>();
        Map<ClockKind, Missed> missed = new EnumMap<>(ClockKind.class);
        Task next = change(task, clock -> {
            if (clock.alarm().filter(alarm -> !alarm.isAfter(now)).isEmpty()) {
                return clock;
            }
            if (clock.due().orElseThrow().isAfter(now)) {
                reminded.add(clock.kind());
                return new RunningClock(clock.kind(), clock.due(), clock.due());
            }
            missed.put(clock.kind(), rule(clock.kind(), task).map(Rule::missed).orElse(Missed.TELL_REQUESTER));
            return new RunningClock(clock.kind(), clock.due(), Optional.empty());
        });
        if (missed.containsValue(Missed.TELL_SUPERVISOR)) {
            next.setPriority(TaskPriority.URGENT);
            if (next.getPerformerType().stream()
                    .noneMatch(type -> type.hasCoding(SUPERVISOR.getSystem(), SUPERVISOR.getCode()))) {
                next.addPerformerType(new CodeableConcept(SUPERVISOR.copy()));
            }
        }
        return reminded.isEmpty() && missed.isEmpty()
                ? Optional.empty()
                : Optional.of(new Look(next, reminded, missed));
    }

    /** Takes all clocks from {@code task}. */
    public static void remove(Task task) {
        RunningClock.set(task, List.of());
    }

    /** Returns {@code task} with its clocks standing still, while its request is on hold. */
    public static Task paused(Task task) {
        return change(task, clock -> new RunningClock(clock.kind(), Optional.empty(), Optional.empty()));
    }

    /** Returns {@code task} with the clocks that stood still started anew. */
    public Task resumed(Task task, Instant now) {
        return change(
                task,
                clock -> clock.isPaused()
                        ? rule(clock.kind(), task)
                                .flatMap(rule -> start(rule, task, now))
                                .orElse(clock)
                        : clock);
    }

    /** Returns the clocks that had run out on {@code previous} and are stopped on {@code next}: it has happened, late. */
    public static Set<ClockKind> caughtUp(Task previous, Task next) {
        Set<ClockKind> running =
                RunningClock.of(next).stream().map(RunningClock::kind).collect(Collectors.toSet());
        return RunningClock.of(previous).stream()
                .filter(RunningClock::isMissed)
                .map(RunningClock::kind)
                .filter(kind -> !running.contains(kind))
                .collect(Collectors.toSet());
    }

    /** Whether a clock of {@code task} has run out. */
    public static boolean isLate(Task task) {
        return RunningClock.of(task).stream().anyMatch(RunningClock::isMissed);
    }

    private static Task change(Task task, UnaryOperator<RunningClock> change) {
        Task changed = task.copy();
        RunningClock.set(changed, RunningClock.of(task).stream().map(change).toList());
        return changed;
    }

    /** The first that fits: those for some codes stand before the one for all. */
    private Optional<Rule> rule(ClockKind kind, Task task) {
        TaskMachine machine = TaskMachine.of(task);
        return rules.clocks().stream()
                .filter(rule -> rule.clock() == kind && rule.machine() == machine && isFor(rule, task))
                .findFirst();
    }

    private static boolean isFor(Rule rule, Task task) {
        return rule.codes().isEmpty()
                || names(rule.codes(), task.getCode())
                || names(rule.codes(), task.getReasonCode());
    }

    private static boolean runs(Rule rule, Task task) {
        boolean isAsked = task.hasOwner() || !TaskElements.recipients(task).isEmpty();
        return isAsked && rule.runs().contains(task.getStatus()) && !names(rule.endsWith(), task.getBusinessStatus());
    }

    private static boolean names(Set<String> tokens, CodeableConcept concept) {
        return concept.getCoding().stream()
                .anyMatch(coding -> tokens.contains(coding.getSystem() + "|" + coding.getCode()));
    }

    private Optional<RunningClock> start(Rule rule, Task task, Instant now) {
        if (rule.isDueByRestriction(task)) {
            Instant end = task.getRestriction().getPeriod().getEnd().toInstant();
            return Optional.of(new RunningClock(rule.clock(), Optional.of(end), Optional.of(end)));
        }
        Limits limits = rule.limits().get(task.hasPriority() ? task.getPriority() : TaskPriority.ROUTINE);
        return Optional.ofNullable(limits).map(found -> {
            Instant due = after(found.due(), now);
            return new RunningClock(
                    rule.clock(),
                    Optional.of(due),
                    Optional.of(found.remind() == null ? due : after(found.remind(), now)));
        });
    }

    private Instant after(Limit limit, Instant start) {
        if (limit.businessDays() == null) {
            return start.plus(Duration.ofHours(limit.hours()));
        }
        LocalDate day = LocalDate.ofInstant(start, rules.zone());
        return calendar.endOfBusiness(calendar.plusBusinessDays(day, limit.businessDays()), rules.zone());
    }
}
