package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirsearch.Compartment;
import org.hl7.fhir.r4.model.Resource;

/** Where patients are held, that one stands for another holds from the moment that it is stored. */
final class KeepReplaced implements WriteRule {

    private final String type;
    private final ReplacedRecords replaced;

    KeepReplaced(String type, ReplacedRecords replaced) {
        this.type = type;
        this.replaced = replaced;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public Uni<Resource> check(Write write, UnitOfWork unit) {
        return Uni.createFrom().item(write.next());
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        Optional<String> before = write.previous().flatMap(Compartment::survivorOf);
        Optional<String> now = Compartment.survivorOf(write.next());
        // One that is deleted goes on to be stood for.
        return write.interaction() == Interaction.DELETE || before.equals(now)
                ? Uni.createFrom().voidItem()
                : replaced.keep(saved.key(), saved.version(), now, unit);
    }
}
