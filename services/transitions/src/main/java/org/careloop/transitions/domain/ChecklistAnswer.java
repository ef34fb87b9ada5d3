package org.careloop.transitions.domain;

import java.util.List;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.transitions.domain.DischargeChecklist.State;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;

/** A checklist as Parameters. */
public final class ChecklistAnswer {

    private ChecklistAnswer() {}

    /**
     * Returns the checklist.
     *
     * @param history what was said of it, all of it or nothing
     */
    public static Parameters of(DischargeChecklist checklist, String rules, List<ChecklistEntry> history) {
        Parameters answer = new Parameters();
        answer.addParameter().setName("rules").setValue(new StringType(rules));
        answer.addParameter().setName("complete").setValue(new BooleanType(checklist.isComplete()));
        checklist.items().forEach(state -> show(answer.addParameter().setName("item"), state));
        history.forEach(entry -> {
            ParametersParameterComponent part = answer.addParameter().setName("history");
            part.addPart().setName("code").setValue(new CodeType(entry.item()));
            part.addPart()
                    .setName("status")
                    .setValue(new CodeType(entry.status().code()));
            entry.evidence().forEach(each -> part.addPart().setName("evidence").setValue(new Reference(each)));
            show(part, entry);
        });
        return answer;
    }

    private static void show(ParametersParameterComponent part, State state) {
        part.addPart().setName("code").setValue(new CodeType(state.item().code()));
        part.addPart().setName("title").setValue(new StringType(state.item().title()));
        part.addPart().setName("source").setValue(new StringType(state.item().source()));
        part.addPart().setName("status").setValue(new CodeType(state.status().code()));
        state.reason().ifPresent(reason -> part.addPart().setName("reason").setValue(new CodeType(reason)));
        state.evidence().forEach(each -> part.addPart().setName("evidence").setValue(new Reference(each)));
        state.said().ifPresent(entry -> show(part, entry));
    }

    private static void show(ParametersParameterComponent part, ChecklistEntry entry) {
        part.addPart().setName("by").setValue(new Reference(entry.by()));
        part.addPart().setName("qualification").setValue(new CodeType(entry.qualification()));
        part.addPart().setName("recorded-by").setValue(new StringType(entry.recordedBy()));
        part.addPart().setName("at").setValue(FhirTime.dateTime(entry.at()));
        entry.note().ifPresent(note -> part.addPart().setName("note").setValue(new StringType(note)));
        entry.choice().ifPresent(choice -> part.addPart().setName("choice").setValue(new Reference(choice)));
    }
}
