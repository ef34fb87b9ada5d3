package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.careloop.fhirstore.StoredResource;
import org.careloop.fhirstore.UnitOfWork;
import org.careloop.fhirstore.Write;
import org.careloop.fhirstore.WriteRule;
import org.careloop.referrals.store.ChoiceLists;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Task;

/** A referral that waits for an agency waits for the patient that it was moved to, when two are found to be one person. */
@Singleton
public class MoveChoice implements WriteRule {

    private final ChoiceLists lists;

    MoveChoice(ChoiceLists lists) {
        this.lists = lists;
    }

    @Override
    public String type() {
        return "Task";
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(write.next());
    }

    @Override
    public Optional<Resource> checkAlone(Write write) {
        return Optional.of(write.next());
    }

    @Override
    public Uni<Void> moved(Resource moved, StoredResource saved, UnitOfWork unit) {
        return lists.moved(
                unit, saved.key().id().value(), ((Task) moved).getFor().getReference());
    }
}
