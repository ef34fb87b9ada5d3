package org.careloop.patients.domain.reconciliation;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;

/**
 * What one resource says of one medicine.
 *
 * @param source the resource
 * @param status as the source has it, {@code reasons}: why
 * @param indicated whether it says for what the medicine is
 * @param basis literal references of what the source rests on
 * @param labels security labels of the source, which what is made of it has too
 */
public record ListedMedicine(
        ResourceKey source,
        MedicineList list,
        CodeableConcept medicine,
        MedicineIdentity identity,
        Taking taking,
        String status,
        List<CodeableConcept> reasons,
        boolean reasoned,
        boolean indicated,
        Regimen regimen,
        String sig,
        Set<String> basis,
        List<Coding> labels) {

    /** Whether it is taken. */
    public enum Taking {
        TAKEN,
        NOT_TAKEN,
        /** It came to its planned end. */
        ENDED,
        STOPPED,
        HELD
    }

    /** Whether it is to be taken, or was to the end. */
    boolean isTaken() {
        return taking == Taking.TAKEN || taking == Taking.ENDED;
    }

    boolean isStopped() {
        return taking == Taking.STOPPED || taking == Taking.HELD;
    }

    /** A prescription and what somebody says of it are one telling, not two medicines; so is what two lists name. */
    boolean isOneTelling(ListedMedicine other) {
        boolean linked = basis.contains(other.source.reference()) || other.basis.contains(source.reference());
        boolean otherKind = !source.type().equals(other.source.type());
        return source.equals(other.source)
                || linked
                || otherKind && identity.sameAs(other.identity).isPresent();
    }

    /** The name to show. */
    public String display() {
        return Medicines.texts(medicine)
                .findFirst()
                .or(() -> Optional.ofNullable(medicine.getCodingFirstRep().getCode()))
                .orElse("unknown");
    }

    /** What of it a resolution rests on. */
    String print(boolean withRegimen) {
        return list.code() + "|" + taking + "|" + reasoned + "|" + indicated + "|" + identity.ingredients()
                + (withRegimen ? "|" + regimen.print() : "");
    }
}
