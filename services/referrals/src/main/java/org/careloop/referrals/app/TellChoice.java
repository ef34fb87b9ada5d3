package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.FhirTime;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.OwnOperation;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.referrals.domain.AgencyChoice.Offer;
import org.careloop.referrals.store.ChoiceLists;
import org.careloop.referrals.store.ChoiceLists.Choice;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;

/** The agencies that were considered for a referral, best first, why each has its place, and which is asked: what the person is shown. */
@Singleton
public class TellChoice implements OwnOperation {

    private final ResourceStore store;
    private final ChoiceLists lists;

    TellChoice(ResourceStore store, ChoiceLists lists) {
        this.store = store;
        this.lists = lists;
    }

    @Override
    public String type() {
        return "Task";
    }

    @Override
    public String name() {
        return "choice-list";
    }

    @Override
    public String definition() {
        return "https://careloop.org/fhir/OperationDefinition/Task-choice-list";
    }

    /**
     * Returns the list of the Task {@code id}, empty where the platform did not choose for it. Fails with {@link
     * ProblemCode#RESOURCE_NOT_FOUND} when the Task is not open to {@code access}.
     */
    public Uni<Parameters> handle(String id, Condition access) {
        ResourceKey task = ResourceKey.of(type(), id);
        return store.find(task, access)
                .invoke(found -> found.filter(stored -> !stored.deleted())
                        .orElseThrow(() -> new FhirProblem(ProblemCode.RESOURCE_NOT_FOUND, "Task: no such resource")))
                .chain(() -> store.inUnit(unit -> lists.find(unit, id)))
                .map(list -> list.map(TellChoice::told).orElseGet(Parameters::new));
    }

    private static Parameters told(Choice choice) {
        Parameters told = new Parameters();
        told.addParameter().setName("decided").setValue(FhirTime.dateTime(choice.at()));
        for (Offer offer : choice.agencies().offers()) {
            ParametersParameterComponent agency = told.addParameter().setName("agency");
            agency.addPart().setName("service").setValue(new Reference(offer.service()));
            agency.addPart().setName("organization").setValue(new Reference(offer.organization()));
            agency.addPart().setName("eligible").setValue(new BooleanType(offer.isEligible()));
            agency.addPart()
                    .setName("asked")
                    .setValue(new BooleanType(choice.asked().equals(Optional.of(offer.service()))));
            offer.reasons().forEach(reason -> agency.addPart().setName("reason").setValue(new CodeType(reason.code())));
        }
        return told;
    }
}
