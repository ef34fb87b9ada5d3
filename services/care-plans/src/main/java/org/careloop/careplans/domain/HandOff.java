package org.careloop.careplans.domain;

import static org.careloop.careplans.domain.CommunicationTerms.require;

import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.ResourceKey;
import org.hl7.fhir.r4.model.Communication;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Reference;

/**
 * A hand-off by SBAR: situation, background, assessment and recommendation, who hands over to whom, what has to be done next and who
 * has to do it. It is closed when who took over has read it back.
 *
 * @see <a href="https://www.ahrq.gov/teamstepps-program/index.html">AHRQ TeamSTEPPS: SBAR, check-back</a>
 */
public final class HandOff {

    /** Its category, beside that of others. */
    public static final String CATEGORY = "sbar";

    private static final String READ_BACK = "read-back";
    private static final List<String> SECTIONS = List.of("situation", "background", "assessment", "recommendation");
    private static final Set<String> OBLIGATIONS = Set.of("Task", "EpisodeOfCare");

    private HandOff() {}

    /** Whether {@code communication} is a hand-off, or the read-back of one. */
    public static boolean is(Communication communication) {
        return CommunicationTerms.isOf(communication, CATEGORY);
    }

    /** Whether {@code communication} is the read-back of a hand-off. */
    public static boolean isReadBack(Communication communication) {
        return is(communication)
                && CommunicationTerms.topics(communication.getTopic()).contains(READ_BACK);
    }

    /**
     * Completes {@code next}, a hand-off; fails with {@link org.careloop.fhirmodel.ProblemCode#RULE_VIOLATED}.
     *
     * @param record whether a system of record tells of what happened elsewhere
     */
    public static void complete(
            Optional<Communication> previous, Communication next, Writer writer, boolean record, Date now) {
        SentOnce.checkStep(previous, next, writer);
        SentOnce.stamp(previous, next, writer, now);
        if (SentOnce.isSent(next)) {
            PayloadSections.check(next, SECTIONS);
            parties(next);
            require(next.hasAbout(), "about", "missing (expected: the next obligation, a Task or EpisodeOfCare)");
            next.getAbout().forEach(about -> obligation(next, about));
        }
        receipt(previous, next, writer, record, now);
    }

    private static void parties(Communication next) {
        require(CommunicationTerms.isTold(next.getSender()), "sender", "missing (expected: who hands over)");
        require(
                next.hasRecipient() && next.getRecipient().stream().allMatch(CommunicationTerms::isTold),
                "recipient",
                "missing (expected: who takes over)");
    }

    private static void obligation(Communication next, Reference about) {
        boolean known = ResourceKey.parse(String.valueOf(about.getReference()))
                .filter(key -> OBLIGATIONS.contains(key.type()))
                .isPresent();
        require(known, "about", "not an obligation (expected: a Task or EpisodeOfCare)");
        Extension owner = about.getExtensionByUrl(CommunicationTerms.OWNER);
        require(
                owner != null && owner.getValue() instanceof Reference named && isAmong(named, next.getRecipient()),
                "about",
                "owner missing, or not a recipient (expected: the extension " + CommunicationTerms.OWNER
                        + " with one of the recipients)");
    }

    private static void receipt(
            Optional<Communication> previous, Communication next, Writer writer, boolean record, Date now) {
        next.getExtension().removeIf(extension -> CommunicationTerms.RECEIVED_BY.equals(extension.getUrl()));
        Optional<Communication> before = previous.filter(Communication::hasReceived);
        if (before.isPresent()) {
            require(
                    before.get().getReceivedElement().equalsDeep(next.getReceivedElement()),
                    "received",
                    "changed (expected: as it was)");
            Optional.ofNullable(before.get().getExtensionByUrl(CommunicationTerms.RECEIVED_BY))
                    .ifPresent(known -> next.addExtension(known.copy()));
        } else if (next.hasReceived()) {
            require(SentOnce.isSent(next), "received", "before it was sent (expected: a status of completed)");
            require(
                    !next.getReceived().before(next.getSent())
                            && !next.getReceived().after(now),
                    "received",
                    "before it was sent, or in the future (expected: when it was read back)");
            require(
                    record || previous.filter(SentOnce::isSent).isPresent(),
                    "received",
                    "told by who sends (expected: told afterwards, by who takes over)");
            require(
                    record || mayReceive(next, writer),
                    "received",
                    "not told by who takes over (expected: one of the recipients, and not who wrote it)");
            next.addExtension(CommunicationTerms.RECEIVED_BY, writer.reference());
        }
    }

    /**
     * Who is of a recipient's organisation; whom a person, role or team stands for is not known here, only that it is another. An
     * agency hands over to others, not to its own people.
     */
    private static boolean mayReceive(Communication next, Writer writer) {
        Set<String> organizations = next.getRecipient().stream()
                .map(Reference::getReference)
                .filter(reference -> reference != null && reference.startsWith("Organization/"))
                .collect(Collectors.toSet());
        boolean named = writer.organization().filter(organizations::contains).isPresent();
        boolean others = organizations.size() < next.getRecipient().size();
        boolean own = writer.ofAgency() && writer.isOfSameOrganization(next);
        return (named || others && !own) && !writer.is(next, CommunicationTerms.ENTERED_BY);
    }

    /** Completes {@code next}, a new read-back of {@code original}, if that is there; fails as {@link #complete} does. */
    public static void completeReadBack(Communication next, Optional<Communication> original, Writer writer, Date now) {
        SentOnce.stamp(Optional.empty(), next, writer, now);
        require(SentOnce.isSent(next), "status", "not that of a read-back (expected: completed)");
        require(
                next.getPayload().stream()
                        .anyMatch(part -> part.hasContentStringType()
                                && !part.getContentStringType().getValue().isBlank()),
                "payload",
                "empty (expected: what was understood)");
        Communication of = original.filter(HandOff::is)
                .filter(known -> !isReadBack(known) && SentOnce.isSent(known))
                .filter(known -> String.valueOf(known.getSubject().getReference())
                        .equals(next.getSubject().getReference()))
                .orElseThrow(() -> CommunicationTerms.fault(
                        "inResponseTo", "not one hand-off of this patient that was sent (expected: exactly one)"));
        require(!of.hasReceived(), "inResponseTo", "read back already (expected: one that was not)");
        require(
                isAmong(next.getSender(), of.getRecipient()),
                "sender",
                "not who the hand-off is for (expected: one of its recipients)");
        require(
                !writer.is(of, CommunicationTerms.ENTERED_BY),
                "sender",
                "written by who wrote the hand-off (expected: by who takes over)");
        require(
                mayReceive(of, writer),
                "sender",
                "not told by who takes over (expected: written by the organisation of a recipient)");
        require(!next.getSent().before(of.getSent()), "sent", "before the hand-off (expected: after it)");
    }

    /** Returns the hand-off as received by {@code readBack}. */
    public static Communication received(Communication handOff, Communication readBack) {
        Communication received =
                handOff.copy().setReceivedElement(readBack.getSentElement().copy());
        Extension by = readBack.getExtensionByUrl(CommunicationTerms.ENTERED_BY);
        received.addExtension(CommunicationTerms.RECEIVED_BY, by.getValue().copy());
        return received;
    }

    private static boolean isAmong(Reference one, List<Reference> all) {
        return CommunicationTerms.isTold(one)
                && all.stream()
                        .anyMatch(each -> one.hasReference()
                                ? one.getReference().equals(each.getReference())
                                : one.getIdentifier().equalsDeep(each.getIdentifier()));
    }
}
