package org.careloop.transitions.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.ruledata.BusinessCalendar;
import org.careloop.ruledata.RuleSource;

/** Whether Transitional Care Management of a discharge can be billed by each of its codes; data, {@code rules/tcm-2026.yaml}. */
public final class TcmMeasure {

    record Rules(
            String version,
            String calendar,
            Set<String> fromSettings,
            Set<DischargeDestination> toDestinations,
            Set<DischargeDestination> unknownDestinations,
            Set<String> contactKinds,
            int contactBusinessDays,
            DischargeMilestones.Tries attempts,
            Set<String> visitKinds,
            Set<String> reconciliationKinds,
            int serviceDays,
            List<Code> codes) {}

    record Code(String code, int visitDays, Set<String> decisionKinds) {}

    private final Rules rules;
    private final BusinessCalendar calendar;

    TcmMeasure(Rules rules, BusinessCalendar calendar) {
        this.rules = rules;
        this.calendar = calendar;
    }

    /** Returns the rules that come with the service. */
    public static TcmMeasure shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}, with business days by the calendar that they name; fails as it does. */
    public static TcmMeasure of(RuleSource source) {
        Rules rules = source.read(Rules.class, "rules/tcm-2026.yaml");
        return new TcmMeasure(rules, BusinessCalendar.named(rules.calendar(), source));
    }

    /** Names the rules and their edition, and that of the calendar. */
    public String version() {
        return rules.version() + "+" + calendar.version();
    }

    /** The codes of billing, the one that asks for most first. */
    public List<String> codes() {
        return rules.codes().stream().map(Code::code).toList();
    }

    /** Returns what is so {@code now}, for each code. */
    public List<MeasureResult> of(DischargeFacts facts, Instant now) {
        return rules.codes().stream().map(code -> of(code, facts, now)).toList();
    }

    private MeasureResult of(Code code, DischargeFacts facts, Instant now) {
        Seen seen = seen(code, facts);
        return new MeasureResult(
                "tcm-" + code.code(),
                version(),
                List.of(from(facts), to(facts)),
                List.of(
                        contact(facts, now),
                        seen.visit()
                                .map(found -> Criterion.met("visit", List.of(found)))
                                .orElseGet(() -> Criterion.awaited(
                                        "visit",
                                        facts.endOf(facts.day().plusDays(code.visitDays())),
                                        now,
                                        "face-to-face visit within " + code.visitDays() + " days")),
                        reconciliation(code, seen, facts, now),
                        decision(code, facts),
                        servicePeriod(facts)));
    }

    private Criterion from(DischargeFacts facts) {
        return facts.setting()
                .map(setting -> Criterion.of(
                        "from-setting", rules.fromSettings().contains(setting), "a stay in a setting that counts"))
                .orElseGet(() -> Criterion.of("from-setting", Verdict.UNKNOWN, "class of the stay"));
    }

    private Criterion to(DischargeFacts facts) {
        return rules.unknownDestinations().contains(facts.destination())
                ? Criterion.of("to-setting", Verdict.UNKNOWN, "where the patient went")
                : Criterion.of(
                        "to-setting",
                        rules.toDestinations().contains(facts.destination()),
                        "a discharge to the community");
    }

    private Criterion contact(DischargeFacts facts, Instant now) {
        Instant until = facts.endOf(calendar.plusBusinessDays(facts.day(), rules.contactBusinessDays()));
        Optional<Evidence> contact = first(rules.contactKinds(), facts, until);
        if (contact.isPresent()) {
            return Criterion.metBy("contact", contact.get());
        }
        DischargeMilestones.Tries tries = rules.attempts();
        List<Evidence> attempts = SeparateAttempts.of(
                new MilestoneNeeds.Attempts(tries.kinds(), tries.least(), tries.apart()),
                facts.evidence(),
                facts.discharged(),
                until,
                facts.zone());
        return attempts.size() >= tries.least()
                ? new Criterion(
                        "contact", Verdict.MET, Optional.empty(), attempts, Optional.of("attempted, not reached"))
                : Criterion.awaited(
                        "contact",
                        until,
                        now,
                        "contact, or " + tries.least() + " separate attempts; attempts so far: " + attempts.size());
    }

    /**
     * The visit that a code is billed for, and the reconciliation on or before its day.
     *
     * @param reconciliation in the time of the code, where there is no visit yet
     */
    private record Seen(Optional<Evidence> visit, Optional<Evidence> reconciliation) {}

    /** Any visit in time does: of several the first with a reconciliation, else the first. */
    private Seen seen(Code code, DischargeFacts facts) {
        LocalDate last = facts.day().plusDays(code.visitDays());
        List<Evidence> visits = all(rules.visitKinds(), facts, facts.endOf(last));
        List<Evidence> reconciliations = facts.evidence().stream()
                .filter(each -> rules.reconciliationKinds().contains(each.kind()) && each.hasHappened(facts.zone()))
                .filter(each -> !each.time().dayIn(facts.zone()).isBefore(facts.day())
                        && !each.time().dayIn(facts.zone()).isAfter(last))
                .sorted(earliest(facts))
                .toList();
        Optional<Evidence> first = reconciliations.stream().findFirst();
        Optional<Evidence> reconciled = visits.stream()
                .filter(visit -> first.filter(done -> !done.time()
                                .dayIn(facts.zone())
                                .isAfter(visit.time().dayIn(facts.zone())))
                        .isPresent())
                .findFirst();
        return reconciled.isPresent() || visits.isEmpty()
                ? new Seen(reconciled, first)
                : new Seen(visits.stream().findFirst(), Optional.empty());
    }

    /** While another visit may come, there is time. */
    private static Criterion reconciliation(Code code, Seen seen, DischargeFacts facts, Instant now) {
        return seen.reconciliation()
                .map(found -> Criterion.metBy("reconciliation", found))
                .orElseGet(() -> Criterion.awaited(
                        "reconciliation",
                        facts.endOf(facts.day().plusDays(code.visitDays())),
                        now,
                        "reconciliation on or before the day of a visit"));
    }

    /** Nobody judges how complex a decision was but who bills it. */
    private Criterion decision(Code code, DischargeFacts facts) {
        Instant until = facts.endOf(facts.day().plusDays(rules.serviceDays()));
        return first(code.decisionKinds(), facts, until)
                .map(found -> Criterion.met("decision-making", List.of(found)))
                .orElseGet(() ->
                        Criterion.of("decision-making", Verdict.UNKNOWN, "complexity of the medical decision making"));
    }

    private Criterion servicePeriod(DischargeFacts facts) {
        Instant until = facts.endOf(facts.day().plusDays(rules.serviceDays()));
        boolean died = facts.died().filter(at -> !at.isAfter(until)).isPresent();
        boolean again =
                facts.chain().nextAdmitted().filter(at -> !at.isAfter(until)).isPresent();
        return died || again
                ? Criterion.of(
                        "service-period",
                        Verdict.UNKNOWN,
                        died ? "died in the service period" : "in hospital again in the service period")
                : Criterion.of("service-period", Verdict.MET);
    }

    private static Optional<Evidence> first(Set<String> kinds, DischargeFacts facts, Instant until) {
        return all(kinds, facts, until).stream().findFirst();
    }

    private static List<Evidence> all(Set<String> kinds, DischargeFacts facts, Instant until) {
        return facts.evidence().stream()
                .filter(each -> kinds.contains(each.kind()) && each.hasHappened(facts.zone()))
                .filter(each -> each.time()
                        .within(facts.discharged(), until, facts.zone())
                        .isPresent())
                .sorted(earliest(facts))
                .toList();
    }

    private static Comparator<Evidence> earliest(DischargeFacts facts) {
        return Comparator.comparing((Evidence each) -> each.time().from(facts.zone()))
                .thenComparing(Evidence::reference);
    }
}
