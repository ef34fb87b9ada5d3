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
import org.careloop.ruledata.RuleSource;
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
                    && task.getRestriction().getPeriod().getEnd() != null;
        }
    }

    /**
     * The rules.
     *
     * @param zone of the days, and of the hour at which they end
     * @param calendar in which business days are counted
     */
    record Rules(String version, ZoneId zone, String calendar, List<Rule> clocks) {}

    /**
     * A Task after the platform looked at its clocks.
     *
     * @param task to be stored
     * @param reminded the clocks of which its owner is reminded now
     * @param missed the clocks that have run out now, with what follows
     */
    public record Look(Task task, Set<ClockKind> reminded, Map<ClockKind, Missed> missed) {

        /** When {@code clock}, one of the missed, was due. */
        public Instant due(ClockKind clock) {
            return RunningClock.of(task).stream()
                    .filter(each -> each.kind() == clock)
                    .findFirst()
                    .flatMap(RunningClock::due)
                    .orElseThrow();
        }
    }

    /** Whom a Task is for that is late, beside its owner: a role of the coordinating organisation. */
    static final Coding SUPERVISOR =
            new Coding("https://careloop.org/fhir/CodeSystem/role", "supervisor", "Supervisor");

    private final Rules rules;
    private final BusinessCalendar calendar;

    TaskClocks(Rules rules, BusinessCalendar calendar) {
        this.rules = rules;
        this.calendar = calendar;
    }

    /** Returns the clocks that this product ships. */
    public static TaskClocks shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the clocks of {@code source}, which count in the calendar that they name; fails as it does. */
    public static TaskClocks of(RuleSource source) {
        Rules rules = source.read(Rules.class, "rules/task-clocks.yaml");
        return new TaskClocks(rules, BusinessCalendar.named(rules.calendar(), source));
    }

    /**
     * Gives {@code next} the clocks that run in its state. Those that ran before go on, anew if its priority or the end of its
     * restriction changed; others start {@code now}, unless they were stopped in the state that it is in still.
     *
     * @param previous what is stored; empty for a new Task
     * @param byPlatform whether what {@code next} says of the clocks counts; of others it does not
     */
    public void set(Optional<Task> previous, Task next, boolean byPlatform, Instant now) {
        List<RunningClock> before = byPlatform
                ? RunningClock.of(next)
                : previous.map(RunningClock::of).orElse(List.of());
        List<RunningClock> clocks = new ArrayList<>();
        for (ClockKind kind : ClockKind.values()) {
            rule(kind, next)
                    .filter(rule -> runs(rule, next))
                    .flatMap(rule -> before.stream()
                            .filter(clock -> clock.kind() == kind)
                            .findFirst()
                            .map(clock -> clock.isPaused() || !isChanged(rule, previous, next)
                                    ? Optional.of(clock)
                                    : start(rule, next, now))
                            .orElseGet(
                                    () -> isStopped(rule, previous, next) ? Optional.empty() : start(rule, next, now)))
                    .ifPresent(clocks::add);
        }
        RunningClock.set(next, clocks);
    }

    /** Whether what its time follows from is another now. */
    private static boolean isChanged(Rule rule, Optional<Task> previous, Task next) {
        return previous.filter(known -> known.getPriority() != next.getPriority() && !rule.isDueByRestriction(next)
                        || rule.isDueByRestriction(known) != rule.isDueByRestriction(next)
                        || rule.isDueByRestriction(next)
                                && !known.getRestriction()
                                        .getPeriod()
                                        .getEnd()
                                        .equals(next.getRestriction()
                                                .getPeriod()
                                                .getEnd()))
                .isPresent();
    }

    /** Whether it ran in this state and what it waits for has happened, though the Task may say so no longer. */
    private static boolean isStopped(Rule rule, Optional<Task> previous, Task next) {
        return previous.filter(known -> isAsked(known) && rule.runs().contains(known.getStatus()))
                .filter(known -> !isChanged(rule, previous, next))
                .isPresent();
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
            if (!next.hasPriority() || next.getPriority() == TaskPriority.ROUTINE) {
                next.setPriority(TaskPriority.URGENT);
            }
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

    /**
     * Returns the clocks that had run out on {@code previous} and need nobody's care on {@code next} any more, with when they were due:
     * what they waited for has happened, late, or who asked has ended the Task.
     */
    public static Map<ClockKind, Instant> caughtUp(Task previous, Task next, boolean endedByRequester) {
        Map<ClockKind, Instant> caughtUp = new EnumMap<>(ClockKind.class);
        Set<ClockKind> running =
                RunningClock.of(next).stream().map(RunningClock::kind).collect(Collectors.toSet());
        RunningClock.of(previous).stream()
                .filter(RunningClock::isMissed)
                .filter(clock -> !running.contains(clock.kind())
                        && (endedByRequester || clock.kind().hasHappened(next.getStatus())))
                .forEach(clock -> caughtUp.put(clock.kind(), clock.due().orElseThrow()));
        return caughtUp;
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
        return isAsked(task)
                && rule.runs().contains(task.getStatus())
                && !names(rule.endsWith(), task.getBusinessStatus());
    }

    private static boolean isAsked(Task task) {
        return task.hasOwner() || !TaskElements.recipients(task).isEmpty();
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
