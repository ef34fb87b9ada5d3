package org.careloop.patients.domain.reconciliation;

import java.util.Date;
import java.util.List;
import java.util.Map;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.DetectedIssue;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/** The lists side by side as Parameters; {@code docs/api/medication-reconciliation.md} has the names. */
public final class ReconciliationReport {

    private ReconciliationReport() {}

    /** Writes {@code reconciliation}; {@code issues}: what is stored of its differences, by id. */
    public static Parameters of(Reconciliation reconciliation, Map<String, DetectedIssue> issues) {
        Parameters answer = new Parameters();
        StayPeriod stay = reconciliation.stay();
        ParametersParameterComponent told = answer.addParameter().setName("stay");
        part(told, "encounter", new Reference(stay.reference()));
        part(told, "discharged", new BooleanType(stay.phase() == StayPeriod.Phase.DISCHARGED));
        Period period = new Period();
        stay.started().ifPresent(at -> period.setStart(Date.from(at)));
        stay.ended().ifPresent(at -> period.setEnd(Date.from(at)));
        if (!period.isEmpty()) {
            part(told, "period", period);
        }
        reconciliation.rows().forEach(row -> medicine(answer.addParameter().setName("medicine"), row));
        int open = 0;
        for (Difference difference : reconciliation.differences()) {
            String id = difference.issueId(stay.encounterId()).value();
            DetectedIssue issue = issues.get(id);
            open += issue != null && DiscrepancyIssue.answers(issue, difference) ? 0 : 1;
            difference(answer.addParameter().setName("difference"), difference, id, issue, reconciliation.rows());
        }
        reconciliation.burden().forEach(each -> burden(answer.addParameter().setName("burden"), each));
        answer.addParameter().setName("open").setValue(new IntegerType(open));
        answer.addParameter().setName("rules").setValue(new StringType(reconciliation.version()));
        return answer;
    }

    private static void medicine(ParametersParameterComponent told, MedicineRow row) {
        part(told, "name", new StringType(row.display()));
        part(told, "matched-by", new CodeType(row.by().code()));
        row.ingredients().forEach(ingredient -> part(told, "ingredient", new StringType(ingredient)));
        for (MedicineList list : MedicineList.values()) {
            row.of(list).forEach(entry -> entry(told.addPart().setName(list.code()), entry));
        }
    }

    private static void entry(ParametersParameterComponent told, ListedMedicine entry) {
        part(told, "source", new Reference(entry.source().reference()));
        part(told, "medication", entry.medicine());
        part(told, "status", new CodeType(entry.status()));
        entry.reasons().forEach(reason -> part(told, "status-reason", reason));
        if (!entry.sig().isEmpty()) {
            part(told, "dosage", new StringType(entry.sig()));
        }
        entry.regimen().doses().forEach(dose -> {
            ParametersParameterComponent one = told.addPart().setName("dose");
            part(
                    one,
                    "amount",
                    new StringType(
                            dose.amount().map(ReconciliationReport::amount).orElse("unknown")));
            part(one, "per-day", dose.perDay().<Type>map(DecimalType::new).orElseGet(() -> new StringType("unknown")));
            part(one, "route", new StringType(dose.routes().stream().findFirst().orElse("unknown")));
            part(one, "as-needed", new BooleanType(dose.asNeeded()));
        });
        if (entry.regimen().doses().isEmpty()) {
            part(told, "dose", new StringType("unknown"));
        }
        part(told, "indicated", new BooleanType(entry.indicated()));
    }

    private static String amount(Regimen.Amount amount) {
        String high = amount.high().stripTrailingZeros().toPlainString();
        String low = amount.low().stripTrailingZeros().toPlainString();
        return (low.equals(high) ? high : low + "-" + high) + " " + amount.unit();
    }

    private static void difference(
            ParametersParameterComponent told,
            Difference difference,
            String id,
            @Nullable DetectedIssue issue,
            List<MedicineRow> rows) {
        part(told, "kind", new Coding(DifferenceKind.SYSTEM, difference.kind().code(), null));
        part(told, "severity", new CodeType(difference.severity().toCode()));
        difference
                .medicine()
                .flatMap(key ->
                        rows.stream().filter(row -> row.key().equals(key)).findFirst())
                .ifPresent(row -> part(told, "medicine", new StringType(row.display())));
        difference.implicated().stream()
                .map(ResourceKey::reference)
                .forEach(reference -> part(told, "implicated", new Reference(reference)));
        if (issue != null) {
            part(told, "issue", new Reference("DetectedIssue/" + id));
            part(told, "status", new CodeType(issue.getStatus().toCode()));
            issue.getMitigation().forEach(mitigation -> {
                ParametersParameterComponent done = told.addPart().setName("mitigation");
                part(done, "action", mitigation.getAction());
                part(done, "author", mitigation.getAuthor());
                if (mitigation.hasDate()) {
                    part(done, "date", new InstantType(mitigation.getDate()));
                }
            });
        }
    }

    private static void burden(ParametersParameterComponent told, Burden burden) {
        part(told, "list", new CodeType(burden.list().code()));
        part(told, "medicines", new IntegerType(burden.medicines()));
        part(told, "doses-per-day", new DecimalType(burden.dosesPerDay()));
        part(told, "doses-not-told", new IntegerType(burden.untold()));
        part(told, "polypharmacy", new BooleanType(burden.polypharmacy()));
        burden.highRisk().forEach(ingredient -> part(told, "high-risk", new StringType(ingredient)));
    }

    private static void part(ParametersParameterComponent told, String name, Type value) {
        if (!value.isEmpty()) {
            told.addPart().setName(name).setValue(value.copy());
        }
    }
}
