package org.careloop.transitions.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** A resource that a risk score of a stay may rest on, as it was told last; another service holds it. */
@Entity
@Table(name = "stay_fact")
@IdClass(StayFact.Key.class)
public class StayFact {

    @Id
    @Column(name = "encounter_id")
    private String encounterId = "";

    @Id
    private String reference = "";

    private byte[] body = {};

    protected StayFact() {}

    /** Its version, and what else the holder of it adds, are no facts. */
    static byte[] bare(Resource told) {
        Resource bare = told.copy();
        bare.setMeta(null);
        return FhirJson.write(bare);
    }

    boolean tells(Resource told) {
        return Arrays.equals(body, bare(told));
    }

    static String referenceTo(Resource told) {
        return told.fhirType() + "/" + told.getIdElement().getIdPart();
    }

    /** Of what was told, in bytes. */
    int size() {
        return body.length;
    }

    Resource resource() {
        return FhirJson.parse(body);
    }

    /** Which resource, and of which stay. */
    public static class Key implements Serializable {

        private String encounterId = "";
        private String reference = "";

        protected Key() {}

        Key(String encounterId, String reference) {
            this.encounterId = encounterId;
            this.reference = reference;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && encounterId.equals(key.encounterId) && reference.equals(key.reference);
        }

        @Override
        public int hashCode() {
            return Objects.hash(encounterId, reference);
        }
    }
}
