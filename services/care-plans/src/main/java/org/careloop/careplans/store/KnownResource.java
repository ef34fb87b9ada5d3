package org.careloop.careplans.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.careloop.fhirmodel.FhirJson;
import org.hibernate.annotations.Immutable;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** The newest version of another service's resource that this service was told of, see {@link KnownResources}. */
@Entity
@Immutable
@Table(name = "known_resource")
public class KnownResource {

    @Id
    private String reference = "";

    private String type = "";

    @Column(name = "patient_id")
    private String patientId = "";

    @Column(name = "encounter_id")
    private @Nullable String encounterId;

    private byte[] body = {};

    protected KnownResource() {}

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
