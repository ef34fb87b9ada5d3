package org.careloop.transitions.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message as it was received, and what became of it. */
@Entity
@Table(name = "hl7_message")
public class Hl7MessageRecord {

    /** What became of a message. */
    public enum Status {
        /** Acknowledged; its effect is to come. */
        ACCEPTED,
        /** Its effect is in the database. */
        PROCESSED,
        /** Refused with AE or AR; the sender knows. */
        REJECTED,
        /** Acknowledged, but its effect failed for good: an operator has to look. */
        FAILED
    }

    /** Which way a message came. */
    public enum Transport {
        MLLP,
        HTTP,
        /** As a FHIR message. */
        FHIR
    }

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String application = "";
    private String facility = "";

    @Column(name = "control_id")
    private String controlId = "";

    private String event = "";

    @Enumerated(EnumType.STRING)
    private Transport transport = Transport.HTTP;

    private @Nullable String organization;
    private @Nullable String peer;
    private Instant received = Instant.EPOCH;
    private byte @Nullable [] raw;

    @Enumerated(EnumType.STRING)
    private Status status = Status.ACCEPTED;

    @Column(name = "patient_key")
    private long patientKey;

    @Column(name = "other_key")
    private @Nullable Long otherKey;

    private @Nullable Instant recorded;

    private int attempts;

    @Column(name = "next_attempt")
    private @Nullable Instant nextAttempt;

    @Column(name = "ack_code")
    private String ackCode = "AA";

    private @Nullable String location;
    private @Nullable String reason;

    @Column(name = "encounter_id")
    private @Nullable String encounterId;

    protected Hl7MessageRecord() {}

    /** Whose message it is: MSH-3, MSH-4, MSH-10 and MSH-9.2. */
    public record Origin(String application, String facility, String controlId, String event) {}

    /**
     * Which way a message came, and who brought it; a replay judges by it as the first time.
     *
     * @param organization the Organization that the sender's token spoke for; absent for MLLP and for the platform itself
     * @param peer the address at the other end of an MLLP connection
     */
    public record Source(Transport transport, Optional<String> organization, Optional<String> peer) {

        /** With a token of {@code organization}; of the platform itself when it is empty. */
        public static Source http(Optional<String> organization) {
            return new Source(Transport.HTTP, organization, Optional.empty());
        }

        /** A FHIR message with a token of {@code organization}. */
        public static Source fhir(String organization) {
            return new Source(Transport.FHIR, Optional.of(organization), Optional.empty());
        }

        /** From {@code peer}, without a token. */
        public static Source mllp(Optional<String> peer) {
            return new Source(Transport.MLLP, Optional.empty(), peer);
        }
    }

    /**
     * Of whom a message speaks, and when what it says was entered.
     *
     * @param patient is equal for one patient's messages
     * @param other likewise, where it speaks of a second one; {@link #OF_MORE} where of more
     */
    public record Place(long patient, Optional<Long> other, Optional<Instant> recorded) {

        /** It waits for all before it, and all after it wait for it. */
        public static final long OF_MORE = -1;
    }

    /** A message that was received, {@link Status#ACCEPTED} until it is judged otherwise. */
    public static Hl7MessageRecord received(Origin origin, Source source, Instant received, byte[] raw) {
        Hl7MessageRecord message = new Hl7MessageRecord();
        message.application = origin.application();
        message.facility = origin.facility();
        message.controlId = origin.controlId();
        message.event = origin.event();
        message.transport = source.transport();
        message.organization = source.organization().orElse(null);
        message.peer = source.peer().orElse(null);
        message.received = received;
        message.raw = raw;
        return message;
    }

    /** Notes that the message was refused, and why. */
    public Hl7MessageRecord rejected(String code, String where, String why) {
        status = Status.REJECTED;
        ackCode = code;
        location = where;
        reason = why;
        return this;
    }

    /** Notes that an operator's replay made the message acceptable. */
    public void accept(Place place) {
        status = Status.ACCEPTED;
        patientKey = place.patient();
        otherKey = place.other().orElse(null);
        recorded = place.recorded().orElse(null);
        ackCode = "AA";
        attempts = 0;
        nextAttempt = null;
        location = null;
        reason = null;
    }

    /** Notes that the message took effect, on {@code encounter} if it is of a stay. */
    public void processed(Optional<String> encounter) {
        status = Status.PROCESSED;
        encounterId = encounter.orElse(null);
        reason = null;
        nextAttempt = null;
    }

    /** Notes a failure that may pass. */
    public void waits(String why, Instant until) {
        attempts++;
        reason = why;
        nextAttempt = until;
    }

    /** Notes a failure that stays. */
    public void failed(String why) {
        attempts++;
        status = Status.FAILED;
        reason = why;
        nextAttempt = null;
    }

    public long id() {
        return id == null ? 0 : id;
    }

    public Origin origin() {
        return new Origin(application, facility, controlId, event);
    }

    public Source source() {
        return new Source(transport, Optional.ofNullable(organization), Optional.ofNullable(peer));
    }

    public Instant received() {
        return received;
    }

    /** The message as it came; fails for one that took effect so long ago that its content was removed. */
    public byte[] raw() {
        return Optional.ofNullable(raw)
                .orElseThrow(() -> new IllegalStateException("the content of this message was removed"));
    }

    public Status status() {
        return status;
    }

    public String ackCode() {
        return ackCode;
    }

    public int attempts() {
        return attempts;
    }

    public Place place() {
        return new Place(patientKey, Optional.ofNullable(otherKey), Optional.ofNullable(recorded));
    }

    /** Segment and field that the message was refused for. */
    public Optional<String> location() {
        return Optional.ofNullable(location);
    }

    /** Why it was refused, waits or failed; holds no data of the message. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }
}
