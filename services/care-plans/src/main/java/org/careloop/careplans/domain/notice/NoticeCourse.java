package org.careloop.careplans.domain.notice;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 */
public record NoticeCourse(Set<String> classes, Duration within) {

    /** What of a stay a notice is about; for a document, its id takes the place. */
    public static final String ADMISSION = "admission";

    /** The other. */
    public static final String DISCHARGE = "discharge";

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
     * @param about {@link #ADMISSION}, {@link #DISCHARGE} or the id of a document
     * @param recipient literal reference
     * @param standing whether it was not taken back
     */
    public record Sent(String communication, String about, String recipient, boolean standing) {}

    /**
     * A document of the stay; of several that stand, the last counts.
     *
     * @param parts codes of the parts of discharge information that it holds
     */
    public record Document(
            String id, int number, String custodian, Set<String> notSentTo, Set<String> parts, boolean standing) {}

    /** What is known of who is to be told. */
    public record Recipients(List<String> homes, Set<String> partners) {}

    /**
     * What is to be sent.
     *
     * @param round 1 for the first time
     * @param parts codes of the parts of discharge information that it brings
     */
    public record Due(String about, String recipient, int round, Set<String> parts) {}

    /** What follows. */
    public record Decision(List<Due> send, List<Sent> takeBack) {}

    /** Returns what follows of {@code stay} at {@code now}; where the patient is, they need not be told. */
    public Decision of(Encounter stay, List<Document> documents, Recipients known, List<Sent> sent, Instant now) {
        String site = String.valueOf(stay.getServiceProvider().getReference());
        Recipients recipients = new Recipients(
                known.homes().stream().filter(home -> !home.equals(site)).toList(), known.partners());
        List<Due> send = new ArrayList<>();
        List<Sent> takeBack = new ArrayList<>();
        if (stay.getStatus() != EncounterStatus.UNKNOWN) {
            sent.stream()
                    .filter(Sent::standing)
                    .filter(each -> isTakenBack(each, stay, documents))
                    .forEach(takeBack::add);
            for (String about : List.of(ADMISSION, DISCHARGE)) {
                if (holds(about, stay) && isNews(about, stay, now)) {
                    recipients.homes().forEach(home -> add(send, about, home, Set.of(), sent));
                }
            }
            last(documents)
                    .ifPresent(document -> to(document, stay, recipients, now)
                            .forEach(recipient -> add(send, document.id(), recipient, document.parts(), sent)));
        }
        return new Decision(send, takeBack);
    }

    private static Optional<Document> last(List<Document> documents) {
        return documents.stream()
                .filter(Document::standing)
                .reduce((one, other) -> one.number() > other.number() ? one : other);
    }

    /** To whom keeps it, it need not be sent; to whom a consent denies a part of it, only a person sends it. */
    private Set<String> to(Document document, Encounter stay, Recipients recipients, Instant now) {
        Set<String> to = new LinkedHashSet<>();
        if (isNews(DISCHARGE, stay, now)) {
            to.addAll(recipients.homes());
        }
        if (!document.notSentTo().contains(SharedTerms.NOT_SENT_TO_ANY_PARTNER)) {
            recipients.partners().stream()
                    .filter(partner -> !partner.equals(document.custodian()))
                    .forEach(to::add);
        }
        to.removeIf(recipient -> document.notSentTo().contains(recipient.substring(recipient.indexOf('/') + 1)));
        return to;
    }

    private static void add(List<Due> send, String about, String recipient, Set<String> parts, List<Sent> sent) {
        List<Sent> before = sent.stream()
                .filter(each -> each.about().equals(about) && each.recipient().equals(recipient))
                .toList();
        if (before.stream().noneMatch(Sent::standing)) {
            send.add(new Due(about, recipient, before.size() + 1, parts));
        }
    }

    private boolean isTakenBack(Sent sent, Encounter stay, List<Document> documents) {
        return switch (sent.about()) {
            case ADMISSION, DISCHARGE -> !holds(sent.about(), stay);
            default -> documents.stream().anyMatch(each -> each.id().equals(sent.about()) && !each.standing());
        };
    }

    private boolean holds(String about, Encounter stay) {
        boolean isTold =
                stay.getClass_().hasCode() && classes.contains(stay.getClass_().getCode());
        return isTold
                && (about.equals(ADMISSION)
                        ? ADMITTED.contains(stay.getStatus())
                                && stay.getPeriod().hasStart()
                        : stay.getStatus() == EncounterStatus.FINISHED
                                && stay.getPeriod().hasEnd());
    }

    private boolean isNews(String about, Encounter stay, Instant now) {
        return happened(about, stay).filter(now.minus(within)::isBefore).isPresent();
    }

    private static Optional<Instant> happened(String about, Encounter stay) {
        return Optional.ofNullable(
                        about.equals(ADMISSION)
                                ? stay.getPeriod().getStart()
                                : stay.getPeriod().getEnd())
                .map(java.util.Date::toInstant);
    }
}
