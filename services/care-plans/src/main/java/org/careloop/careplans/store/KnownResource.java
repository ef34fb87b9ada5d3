package org.careloop.careplans.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.careloop.eventcontracts.ResourceEvent;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** The newest version of another service's resource that this service was told of. */
@Entity
@Table(name = "known_resource")
public class KnownResource {

    @Id
    private String reference = "";

    private String type = "";
    private long version;

    @Column(name = "patient_id")
    private String patientId = "";

    @Column(name = "encounter_id")
    private @Nullable String encounterId;

    private byte[] body = {};

    protected KnownResource() {}

    /** What {@code event} tells; {@code encounterId} is null for the patient. */
    public KnownResource(ResourceEvent event, String patientId, @Nullable String encounterId) {
        this.reference = event.resource().reference();
        this.type = event.resource().type();
        this.encounterId = encounterId;
        become(event, patientId);
    }

    /**
     * Takes over a newer version; an older one, told late, changes nothing. It may be about another patient: one who was found to be
     * the same person.
     */
    public final void become(ResourceEvent event, String patient) {
        if (event.version() > version) {
            version = event.version();
            patientId = patient;
            body = event.payload();
        }
    }

    public String type() {
        return type;
    }

    public String patientId() {
        return patientId;
    }

    public @Nullable String encounterId() {
        return encounterId;
    }

    /** Parses the resource. */
    public <T extends Resource> T as(Class<T> resourceType) {
        return FhirJson.parse(resourceType, body);
    }
}
