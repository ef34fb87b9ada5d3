package org.careloop.careplans.domain.notice;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.careloop.eventcontracts.SharedTerms;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Encounter.EncounterStatus;

/**
 * Decides who is to be told what of a stay, and what was told that is to be taken back. It looks at how things are, so that the order
 * and the number of reports do not matter: each fact is told to each recipient once, and again only after it was taken back.
 *
 * @param classes of encounters (v3 ActCode) that are told
 * @param within how long after an admission or discharge it is still news
 * @param mergeTold how long it takes until a merge is known: of a stay that is another patient's nothing is taken back before
 */
public record NoticeCourse(Set<String> classes, Duration within, Duration mergeTold) {

    /** What of a stay a notice is about; for a document, its id takes the place. */
    public static final String ADMISSION = "admission";

    /** The patient has left the hospital. */
    public static final String DISCHARGE = "discharge";

    /** Registered in the emergency department: nobody has been admitted yet. */
    public static final String EMERGENCY = "emergency-registration";

    /** Left it without having been admitted. */
    public static final String DEPARTURE = "emergency-departure";

    private static final List<String> TOLD = List.of(EMERGENCY, DEPARTURE, ADMISSION, DISCHARGE);
    private static final Set<String> ENDS = Set.of(DISCHARGE, DEPARTURE);
    private static final Set<String> EMERGENCIES = Set.of(EMERGENCY, DEPARTURE);
    private static final String EMERGENCY_CLASS = "EMER";

    private static final Set<EncounterStatus> ADMITTED = EnumSet.of(
            EncounterStatus.ARRIVED,
            EncounterStatus.TRIAGED,
            EncounterStatus.INPROGRESS,
            EncounterStatus.ONLEAVE,
            EncounterStatus.FINISHED);

    /**
     * What was sent.
     *
     * @param communication its id
     * @param about what it tells, or the id of a document
     * @param recipient literal reference
     * @param standing whether it was not taken back
     * @param patient id of whom it is about
     * @param happened the time that it told; absent of a document
     * @param apart since when its stay is known to be of another patient, if it is
     */
    public record Sent(
            String communication,
            String about,
            String recipient,
            boolean standing,
            String patient,
            Optional<Instant> happened,
            Optional<Instant> apart) {}

    /**
     * What is to be noted of something sent.
     *
     * @param since when its stay was first known to be of another patient; empty when it is of the same again
     */
    public record Apart(String communication, Optional<Instant> since) {}

    /**
     * A document of the stay; of several that stand, the last counts.
     *
     * @param parts codes of the parts of discharge information that it holds
     * @param patient id of whom it is about
     */
    public record Document(
            String id,
            int number,
            String custodian,
            Set<String> notSentTo,
            Set<String> parts,
            boolean standing,
            String patient) {}

    /** What is known of who is to be told. */
    public record Recipients(List<String> homes, Set<String> partners) {}

    /**
     * What is known besides the stay.
     *
     * @param patient id of whom it is; ids of patients who are one person are the same here
     */
    public record Known(String patient, List<Document> documents, Recipients recipients, List<Sent> sent) {}

    /**
     * What is to be sent.
     *
     * @param round 1 for the first time
     * @param parts codes of the parts of discharge information that it brings
     * @param home whether it goes to the medical home, not to a partner
     * @param happened the time that it tells; absent of a document
     */
    public record Due(
            String about, String recipient, int round, Set<String> parts, boolean home, Optional<Instant> happened) {}

    /** Why something is taken back. */
    public enum Why {
        /** There was no such thing, or not of this patient. */
        CANCELLED,
        /** It was at another time, which the same recipient is told. */
        CORRECTED,
        /** It was at another time, which is not the recipient's affair any more. */
        MISTIMED
    }

    /** What is to be taken back. */
    public record TakeBack(Sent sent, Why why) {

        /** Whether the same is told again, right this time. */
        private boolean isCorrectionOf(String about, String recipient) {
            return why == Why.CORRECTED
                    && sent.about().equals(about)
                    && sent.recipient().equals(recipient);
        }
    }

    /**
     * What follows.
     *
     * @param again when it is to be decided again, if time alone changes something
     */
    public record Decision(List<Due> send, List<TakeBack> takeBack, List<Apart> apart, Optional<Instant> again) {}

    /** Returns what follows of {@code stay} at {@code now}; where the patient is, they need not be told. */
    public Decision of(Encounter stay, Known known, Instant now) {
        List<TakeBack> takeBack = new ArrayList<>();
        List<Due> send = new ArrayList<>();
        List<Sent> stood = known.sent().stream().filter(Sent::standing).toList();
        if (stay.getStatus() != EncounterStatus.UNKNOWN) {
            String site = String.valueOf(stay.getServiceProvider().getReference());
            List<String> homes = known.recipients().homes().stream()
                    .filter(home -> !home.equals(site))
                    .toList();
            stood.forEach(sent ->
                    isTakenBack(sent, stay, known, homes, now).ifPresent(why -> takeBack.add(new TakeBack(sent, why))));
            List<Sent> standing = stood.stream()
                    .filter(sent ->
                            takeBack.stream().noneMatch(each -> each.sent().equals(sent)))
                    .toList();
            for (String about : TOLD) {
                if (holds(about, stay)) {
                    homes.stream()
                            .filter(home -> isNews(about, stay, now)
                                    || takeBack.stream().anyMatch(each -> each.isCorrectionOf(about, home)))
                            .forEach(home -> add(
                                    send,
                                    new Due(about, home, 1, Set.of(), true, happened(about, stay)),
                                    known,
                                    standing));
                }
            }
            last(known)
                    .ifPresent(document -> to(
                                    document, stay, homes, known.recipients().partners(), now)
                            .forEach(recipient -> add(
                                    send,
                                    new Due(
                                            document.id(),
                                            recipient,
                                            1,
                                            document.parts(),
                                            homes.contains(recipient),
                                            Optional.empty()),
                                    known,
                                    standing)));
        }
        return new Decision(send, takeBack, apart(stood, known, now), again(stood, known, now));
    }

    private static boolean isOfAnother(Sent sent, Known known) {
        return !sent.patient().equals(known.patient());
    }

    /** What was sent of a stay that has become another's is kept in mind; what is of the same patient again is forgotten. */
    private static List<Apart> apart(List<Sent> stood, Known known, Instant now) {
        return stood.stream()
                .filter(sent -> isOfAnother(sent, known) == sent.apart().isEmpty())
                .map(sent ->
                        new Apart(sent.communication(), isOfAnother(sent, known) ? Optional.of(now) : Optional.empty()))
                .toList();
    }

    private Optional<Instant> again(List<Sent> stood, Known known, Instant now) {
        return stood.stream()
                .filter(sent -> isOfAnother(sent, known))
                .map(sent -> believed(sent, now))
                .filter(time -> time.isAfter(now))
                .min(Comparator.naturalOrder());
    }

    /** When it is believed that the stay is another's, and not that a merge was not heard of yet. */
    private Instant believed(Sent sent, Instant now) {
        return sent.apart().orElse(now).plus(mergeTold);
    }

    private static Optional<Document> last(Known known) {
        return known.documents().stream()
                .filter(Document::standing)
                .filter(document -> document.patient().equals(known.patient()))
                .reduce((one, other) -> one.number() > other.number() ? one : other);
    }

    /** To whom keeps it, it need not be sent; to whom a consent denies a part of it, only a person sends it. */
    private Set<String> to(Document document, Encounter stay, List<String> homes, Set<String> partners, Instant now) {
        Set<String> to = new LinkedHashSet<>();
        if (stay.getPeriod().hasEnd() && isWithin(stay.getPeriod().getEnd().toInstant(), now)) {
            to.addAll(homes);
        }
        if (!document.notSentTo().contains(SharedTerms.NOT_SENT_TO_ANY_PARTNER)) {
            partners.stream()
                    .filter(partner -> !partner.equals(document.custodian()))
                    .forEach(to::add);
        }
        to.removeIf(recipient -> document.notSentTo().contains(recipient.substring(recipient.indexOf('/') + 1)));
        return to;
    }

    /** Adds {@code first}, of the round that it is of, unless it was told and stands. */
    private static void add(List<Due> send, Due first, Known known, List<Sent> standing) {
        if (standing.stream().noneMatch(each -> isOf(each, first))) {
            int round = 1
                    + (int) known.sent().stream()
                            .filter(each -> isOf(each, first))
                            .count();
            send.add(new Due(first.about(), first.recipient(), round, first.parts(), first.home(), first.happened()));
        }
    }

    private static boolean isOf(Sent sent, Due due) {
        return sent.about().equals(due.about()) && sent.recipient().equals(due.recipient());
    }

    private Optional<Why> isTakenBack(Sent sent, Encounter stay, Known known, List<String> homes, Instant now) {
        if (isOfAnother(sent, known) && !believed(sent, now).isAfter(now)) {
            return Optional.of(Why.CANCELLED);
        }
        if (!TOLD.contains(sent.about())) {
            boolean isWithdrawn =
                    known.documents().stream().anyMatch(each -> each.id().equals(sent.about()) && !each.standing());
            return isWithdrawn ? Optional.of(Why.CANCELLED) : Optional.empty();
        }
        // That somebody came to the emergency department stays true when they are admitted from there.
        boolean wasBefore = sent.about().equals(EMERGENCY) && !isEmergency(stay) && ADMITTED.contains(stay.getStatus());
        if (wasBefore) {
            return Optional.empty();
        }
        if (!holds(sent.about(), stay)) {
            return Optional.of(Why.CANCELLED);
        }
        // Of another patient's stay nobody is told a time on the account of this one.
        boolean atAnotherTime = !isOfAnother(sent, known)
                && sent.happened()
                        .filter(told -> !Optional.of(told).equals(happened(sent.about(), stay)))
                        .isPresent();
        return atAnotherTime
                ? Optional.of(homes.contains(sent.recipient()) ? Why.CORRECTED : Why.MISTIMED)
                : Optional.empty();
    }

    private boolean holds(String about, Encounter stay) {
        boolean isTold =
                stay.getClass_().hasCode() && classes.contains(stay.getClass_().getCode());
        boolean hasHappened = ENDS.contains(about)
                ? stay.getStatus() == EncounterStatus.FINISHED
                        && stay.getPeriod().hasEnd()
                : ADMITTED.contains(stay.getStatus()) && stay.getPeriod().hasStart();
        return isTold && hasHappened && EMERGENCIES.contains(about) == isEmergency(stay);
    }

    private static boolean isEmergency(Encounter stay) {
        return EMERGENCY_CLASS.equals(stay.getClass_().getCode());
    }

    private boolean isNews(String about, Encounter stay, Instant now) {
        return happened(about, stay).filter(time -> isWithin(time, now)).isPresent();
    }

    private boolean isWithin(Instant time, Instant now) {
        return time.isAfter(now.minus(within));
    }

    private static Optional<Instant> happened(String about, Encounter stay) {
        return Optional.ofNullable(
                        ENDS.contains(about)
                                ? stay.getPeriod().getEnd()
                                : stay.getPeriod().getStart())
                .map(Date::toInstant);
    }
}
