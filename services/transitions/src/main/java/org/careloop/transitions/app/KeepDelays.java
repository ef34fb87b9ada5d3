package org.careloop.transitions.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.careloop.audittrail.AuditedRequest;
import org.careloop.calleraccess.Caller;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.OperationInput;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.transitions.domain.AvoidableReport;
import org.careloop.transitions.domain.AvoidableRules;
import org.careloop.transitions.domain.DelayEntry;
import org.careloop.transitions.domain.Sites;
import org.careloop.transitions.domain.StayDelay;
import org.careloop.transitions.domain.StayDelay.Amount;
import org.careloop.transitions.domain.StayTimes;
import org.careloop.transitions.store.DelayEntries;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

/** The avoidable days of one stay: tells them, and keeps what a person says of their causes. */
@Singleton
public class KeepDelays implements OwnOperation {

    private final ResourceStore store;
    private final AvoidableRules rules;
    private final DelayEntries entries;
    private final Sites sites;
    private final Clock clock;

    KeepDelays(ResourceStore store, AvoidableRules rules, DelayEntries entries, Sites sites, Clock clock) {
        this.store = store;
        this.rules = rules;
        this.entries = entries;
        this.sites = sites;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "Encounter";
    }

    @Override
    public String name() {
        return "avoidable-days";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/Encounter-avoidable-days";
    }

    /** Returns the avoidable days of the stay; fails with {@link ProblemCode#RESOURCE_NOT_FOUND} unless it is open to {@code access}. */
    public Uni<Parameters> tell(String id, Condition access) {
        return store.find(ResourceKey.of(type(), id), access)
                .map(found -> found.filter(stored -> !stored.deleted())
                        .orElseThrow(KeepDelays::notFound)
                        .as(Encounter.class))
                .chain(stay -> store.inUnit(unit -> answer(stay, unit)));
    }

    /**
     * Keeps what {@code said} says of the stay, and returns its avoidable days after it; said again, it changes nothing. Fails with
     * {@link ProblemCode#INVALID_PARAMETER} when it is not whole, and as {@link #tell} does.
     */
    public Uni<Parameters> record(String id, OperationInput said, Caller caller, Condition access) {
        return store.inUnit(unit -> unit.find(ResourceKey.of(type(), id), access)
                .map(found -> found.orElseThrow(KeepDelays::notFound))
                .invoke(found -> AuditedRequest.current().ifPresent(audited -> audited.shows(found.patient())))
                .map(found -> found.as(Encounter.class))
                .chain(stay -> keep(stay, said, caller, unit).chain(() -> answer(stay, unit))));
    }

    private Uni<Void> keep(Encounter stay, OperationInput said, Caller caller, UnitOfWork unit) {
        String id = stay.getIdElement().getIdPart();
        ZoneId zone = zone(stay);
        DelayEntry entry =
                new DelayInput(said, zone).entry(id, rules, StayTimes.begun(stay, zone), caller, clock.instant());
        return entries.of(List.of(id), unit).chain(known -> {
            Optional<DelayEntry> last = known.getOrDefault(id, List.of()).stream()
                    .filter(each -> each.cause().equals(entry.cause()))
                    .reduce((one, other) -> other);
            boolean same = last.filter(before -> isSame(before, entry)).isPresent();
            return same ? Uni.createFrom().voidItem() : entries.add(id, entry, rules.version(), unit);
        });
    }

    private static boolean isSame(DelayEntry before, DelayEntry entry) {
        return before.start().equals(entry.start())
                && before.end().equals(entry.end())
                && before.note().equals(entry.note())
                && before.by().equals(entry.by())
                && before.recordedBy().equals(entry.recordedBy())
                && before.withdrawn() == entry.withdrawn();
    }

    private Uni<Parameters> answer(Encounter stay, UnitOfWork unit) {
        String id = stay.getIdElement().getIdPart();
        return entries.of(List.of(id), unit).map(known -> told(stay, known.getOrDefault(id, List.of())));
    }

    private Parameters told(Encounter stay, List<DelayEntry> said) {
        ZoneId zone = zone(stay);
        Optional<StayDelay.Times> times = StayTimes.of(stay, zone, clock.instant());
        Parameters answer = new Parameters();
        answer.addParameter().setName("rules").setValue(new StringType(rules.version()));
        times.flatMap(StayDelay.Times::planned).ifPresent(planned -> time(answer, "planned-end", planned, zone));
        StayDelay.ready(said).ifPresent(ready -> time(answer, "medically-ready", ready, zone));
        StayDelay delay = times.map(known -> StayDelay.of(known, said)).orElseGet(() -> new StayDelay(List.of()));
        amount(answer.addParameter().setName("total"), delay.total(zone));
        for (StayDelay.Slice slice : delay.slices()) {
            ParametersParameterComponent part = answer.addParameter().setName("delay");
            part.addPart().setName("reason").setValue(new CodeType(slice.reason()));
            part.addPart().setName("attribution").setValue(new CodeType(slice.attribution()));
            part.addPart().setName("start").setValue(FhirTime.dateTime(slice.from(), zone));
            part.addPart().setName("end").setValue(FhirTime.dateTime(slice.until(), zone));
            amount(part, Amount.of(slice, zone));
        }
        said.forEach(entry -> show(answer.addParameter().setName("said"), entry, zone));
        return answer;
    }

    private void amount(ParametersParameterComponent part, Amount amount) {
        part.addPart().setName("time").setValue(AvoidableReport.hours(amount));
        part.addPart().setName("days").setValue(new IntegerType(amount.days()));
        part.addPart().setName("cost").setValue(AvoidableReport.cost(rules, amount));
    }

    private static void show(ParametersParameterComponent part, DelayEntry entry, ZoneId zone) {
        part.addPart()
                .setName("reason")
                .setValue(new CodeType(entry.reason().isEmpty() ? entry.cause() : entry.reason()));
        if (!entry.attribution().isEmpty()) {
            part.addPart().setName("attribution").setValue(new CodeType(entry.attribution()));
        }
        part.addPart().setName("status").setValue(new CodeType(entry.withdrawn() ? "withdrawn" : "recorded"));
        part.addPart().setName("start").setValue(FhirTime.dateTime(entry.start(), zone));
        entry.end().ifPresent(end -> part.addPart().setName("end").setValue(FhirTime.dateTime(end, zone)));
        entry.note().ifPresent(note -> part.addPart().setName("note").setValue(new StringType(note)));
        part.addPart().setName("by").setValue(new Reference(entry.by()));
        part.addPart().setName("recorded-by").setValue(new StringType(entry.recordedBy()));
        part.addPart().setName("at").setValue(FhirTime.dateTime(entry.at(), zone));
    }

    private static void time(Parameters answer, String name, Instant at, ZoneId zone) {
        answer.addParameter().setName(name).setValue(FhirTime.dateTime(at, zone));
    }

    private ZoneId zone(Encounter stay) {
        return sites.of(stay.getServiceProvider()).zone();
    }

    private static FhirProblem notFound() {
        return new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, "Encounter: no such resource");
    }
}
