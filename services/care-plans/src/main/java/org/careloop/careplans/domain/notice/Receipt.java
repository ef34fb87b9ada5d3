package org.careloop.careplans.domain.notice;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.fhirmodel.FhirId;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Communication.CommunicationStatus;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;

/**
 * What may be written of notices and of documents that were sent: their recipient says when it received them, once, and nothing else;
 * who keeps the record may take a document back that was sent to the wrong one.
 */
public final class Receipt {

    /** How far the clock of a recipient may be ahead of ours. */
    static final Duration SKEW = Duration.ofMinutes(2);

    private static final String OPERATIONS = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
    private static final String AGENT_TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

    private Receipt() {}

    /** Tells whether these rules are for {@code communication}. */
    public static boolean concerns(Communication communication) {
        return Notice.has(communication, SharedTerms.STAY_NOTICE)
                || Notice.has(communication, SharedTerms.TRANSITION_DOCUMENT);
    }

    /**
     * Holds that {@code next} is a receipt of {@code sent} by {@code organization}, or takes back a document. Fails with {@link
     * ProblemCode#RULE_VIOLATED}.
     *
     * @param organization literal reference of who writes it
     * @param keepsRecord whether they are of the patient's team, not only a recipient
     */
    public static void require(
            Communication sent, Communication next, Optional<String> organization, boolean keepsRecord, Instant now) {
        boolean isRecipient = sent.getRecipient().stream()
                .anyMatch(recipient -> organization
                        .filter(who -> who.equals(recipient.getReference()))
                        .isPresent());
        if (keepsRecord && isTakenBack(sent, next)) {
            return;
        }
        if (!same(sent, next)) {
            throw refused("received", "not alone in what changes (expected: nothing else changes)");
        }
        if (!isRecipient) {
            throw refused("received", "written by another (expected: by the organization of the recipient)");
        }
        if (sent.hasReceived() || sent.getStatus() != CommunicationStatus.COMPLETED) {
            throw refused("received", "of what was received or taken back before (expected: once, while it holds)");
        }
        if (!next.hasReceived() || next.getReceived().before(sent.getSent())) {
            throw refused("received", "missing, or before it was sent (expected: a time with its zone, from sent on)");
        }
        if (next.getReceived().toInstant().isAfter(now.plus(SKEW))) {
            throw refused("received", "in the future (expected: now or before)");
        }
    }

    private static boolean isTakenBack(Communication sent, Communication next) {
        return Notice.has(sent, SharedTerms.TRANSITION_DOCUMENT)
                && next.getStatus() == CommunicationStatus.ENTEREDINERROR
                && next.hasStatusReason()
                && same(sent, next.copy().setStatus(sent.getStatus()).setStatusReason(sent.getStatusReason()))
                && java.util.Objects.equals(sent.getReceived(), next.getReceived());
    }

    private static boolean same(Communication sent, Communication next) {
        return bare(sent).equalsDeep(bare(next));
    }

    private static Communication bare(Communication communication) {
        Communication bare = communication.copy();
        bare.setReceived(null).setMeta(null);
        return bare;
    }

    /** Tells whether {@code next} says that {@code sent} was received. */
    public static boolean isNew(Communication sent, Communication next) {
        return !sent.hasReceived() && next.hasReceived();
    }

    /**
     * Returns who said, {@code at} this moment, that they received {@code communication}.
     *
     * @param who the organization, with the person by its identifier
     * @param version of the Communication that says so
     */
    public static Provenance provenance(Communication communication, long version, Reference who, Instant at) {
        String id = communication.getIdElement().getIdPart();
        Provenance provenance = new Provenance();
        provenance.setId(FhirId.derivedFrom(id, "Provenance", "received").value());
        provenance.addTarget(new Reference("Communication/" + id + "/_history/" + version));
        // By it FHIR knows whose record a Provenance is in, and so who may see it.
        provenance.addTarget(communication.getSubject().copy());
        provenance
                .setOccurred(communication.getReceivedElement().copy())
                .setRecorded(Date.from(at))
                .setActivity(new CodeableConcept(new Coding(OPERATIONS, "UPDATE", "UPDATE".toLowerCase(Locale.ROOT))));
        provenance
                .addAgent()
                .setType(new CodeableConcept(new Coding(AGENT_TYPES, "verifier", "Verifier")))
                .setWho(who);
        return provenance;
    }

    static FhirProblem refused(String element, String problem) {
        String path = "Communication." + element;
        return new FhirProblem(ProblemCode.RULE_VIOLATED, path, path + ": " + problem);
    }
}
