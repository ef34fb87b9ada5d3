package org.careloop.careplans.domain.notice;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.CarePlan.CarePlanActivityComponent;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Task;

/**
 * Which work on a plan needs the document of the transition, and which a patient's own practice does; data, {@code
 * rules/partner-kinds-2026.yaml}. Who drives the patient or brings meals learns nothing of the stay by it.
 */
public final class PartnerKinds {

    /** A kind of service or activity. */
    record Kind(String system, String code, String title) {
        boolean is(Coding coding) {
            return system.equals(coding.getSystem()) && code.equals(coding.getCode());
        }
    }

    /** The data file. */
    record Rules(String version, List<Kind> document, List<Kind> practice) {}

    private final Rules rules;

    PartnerKinds(Rules rules) {
        this.rules = rules;
    }

    /** Returns the rules that come with the service. */
    public static PartnerKinds shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static PartnerKinds of(RuleSource source) {
        return new PartnerKinds(source.read(Rules.class, "rules/partner-kinds-2026.yaml"));
    }

    /** Tells whether who does {@code work}, as {@link #kindsOf} tells it, is sent the document. */
    public boolean getsDocument(List<Coding> work) {
        return isAmong(work, rules.document());
    }

    /** Tells whether who does {@code work} may be the practice of the patient. */
    public boolean isOfPractice(List<Coding> work) {
        return isAmong(work, rules.practice());
    }

    private static boolean isAmong(List<Coding> work, List<Kind> kinds) {
        return work.stream().anyMatch(coding -> kinds.stream().anyMatch(kind -> kind.is(coding)));
    }

    /**
     * Returns what kind of work {@code task} is: the services that its activity asks for, else the codes of both.
     *
     * @param activity absent when it is not in its plan any more
     */
    public static List<Coding> kindsOf(Optional<CarePlanActivityComponent> activity, Task task) {
        List<Coding> services = activity.stream()
                .flatMap(known -> known.getDetail().getExtensionsByUrl(SharedTerms.REQUIRED_SERVICE_EXTENSION).stream())
                .filter(service -> service.getValue() instanceof CodeableConcept)
                .flatMap(service -> ((CodeableConcept) service.getValue()).getCoding().stream())
                .toList();
        return services.isEmpty()
                ? Stream.concat(
                                activity.stream().flatMap(known -> known.getDetail().getCode().getCoding().stream()),
                                task.getReasonCode().getCoding().stream())
                        .toList()
                : services;
    }
}
