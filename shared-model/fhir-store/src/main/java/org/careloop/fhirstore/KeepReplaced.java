package org.careloop.fhirstore;

import io.smallrye.mutiny.Uni;
import org.careloop.fhirsearch.Compartment;
import org.hl7.fhir.r4.model.Resource;

/** Where patients are held, that one stands for another holds from the moment that it is stored. */
final class KeepReplaced extends KeepBeside {

    private final ReplacedRecords replaced;

    KeepReplaced(String type, ReplacedRecords replaced) {
        super(type);
        this.replaced = replaced;
    }

    @Override
    public Uni<Void> follow(Write write, StoredResource saved, UnitOfWork unit) {
        return write.previous().flatMap(Compartment::survivorOf).equals(Compartment.survivorOf(write.next()))
                ? Uni.createFrom().voidItem()
                : super.follow(write, saved, unit);
    }

    /** One that is deleted goes on to be stood for. */
    @Override
    Uni<Void> keep(Resource content, boolean deleted, StoredResource saved, UnitOfWork unit) {
        return deleted
                ? Uni.createFrom().voidItem()
                : replaced.keep(saved.key(), saved.version(), Compartment.survivorOf(content), unit);
    }
}
