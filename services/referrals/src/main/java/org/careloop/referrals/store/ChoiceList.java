package org.careloop.referrals.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.careloop.referrals.domain.AgencyChoice;
import org.careloop.referrals.domain.TimeNeeded;
import org.careloop.referrals.domain.WaitingReferral;
import org.careloop.referrals.store.ChoiceLists.Choice;
import org.hibernate.annotations.DynamicUpdate;
import org.hl7.fhir.r4.model.Coding;
import org.jspecify.annotations.NullUnmarked;

/** What a referral needs and which agency was chosen for it. */
@Entity
@Table(name = "choice_list")
@DynamicUpdate
@NullUnmarked
class ChoiceList {

    @Id
    private String task;

    private String request;
    private String patient;

    @Column(name = "need_key")
    private String needKey;

    @Column(name = "service_types")
    private String serviceTypes;

    private String requester;
    private String wished;

    @Column(name = "needed_from")
    private Instant neededFrom;

    @Column(name = "needed_until")
    private Instant neededUntil;

    @Column(name = "needed_days")
    private String neededDays;

    @Column(name = "needed_times")
    private String neededTimes;

    @Column(name = "needed_at_once")
    private boolean neededAtOnce;

    @Column(name = "chosen_service")
    private String chosenService;

    @Column(name = "chosen_organization")
    private String chosenOrganization;

    @Column(name = "decided_at")
    private Instant decidedAt;

    private boolean settled;

    @Column(name = "waited_since")
    private Instant waitedSince;

    ChoiceList() {}

    ChoiceList(WaitingReferral referral) {
        task = referral.task();
        request = referral.request();
        patient = referral.patient();
        needKey = referral.key();
        serviceTypes = referral.serviceTypes().stream()
                .map(type -> (type.hasSystem() ? type.getSystem() : "") + "|" + type.getCode())
                .collect(Collectors.joining("\n"));
        requester = referral.requester();
        wished = String.join(" ", new TreeSet<>(referral.wished()));
        needAt(referral.when());
    }

    void needAt(Optional<TimeNeeded> when) {
        neededFrom = when.flatMap(TimeNeeded::from).orElse(null);
        neededUntil = when.flatMap(TimeNeeded::until).orElse(null);
        neededDays = when.map(TimeNeeded::days).map(ChoiceList::sorted).orElse("");
        neededTimes = when.map(TimeNeeded::times).map(ChoiceList::sorted).orElse("");
        neededAtOnce = when.filter(TimeNeeded::atOnce).isPresent();
    }

    void decide(Optional<AgencyChoice.Offer> chosen, Instant at) {
        chosenService = chosen.map(AgencyChoice.Offer::service).orElse(null);
        chosenOrganization = chosen.map(AgencyChoice.Offer::organization).orElse(null);
        decidedAt = at;
        settled = chosen.isPresent();
        if (!settled && waitedSince == null) {
            waitedSince = at;
        }
    }

    void settle() {
        settled = true;
    }

    Optional<AgencyChoice.Asked> asked() {
        return chosenOrganization == null
                ? Optional.empty()
                : Optional.of(new AgencyChoice.Asked(referral(), chosenService, chosenOrganization));
    }

    Choice choice(List<AgencyChoice.Offer> offers) {
        return new Choice(new AgencyChoice(offers), decidedAt, asked().map(AgencyChoice.Asked::service));
    }

    static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    WaitingReferral referral() {
        List<Coding> types = Arrays.stream(serviceTypes.split("\n"))
                .filter(line -> !line.isEmpty())
                .map(ChoiceList::coding)
                .toList();
        return new WaitingReferral(
                task, request, patient, needKey, types, requester, Set.copyOf(words(wished)), when());
    }

    private Optional<TimeNeeded> when() {
        TimeNeeded when = new TimeNeeded(
                Optional.ofNullable(neededFrom),
                Optional.ofNullable(neededUntil),
                words(neededDays).stream().map(DayOfWeek::valueOf).collect(Collectors.toUnmodifiableSet()),
                words(neededTimes).stream().map(LocalTime::parse).collect(Collectors.toUnmodifiableSet()),
                neededAtOnce);
        return when.saysNothing() ? Optional.empty() : Optional.of(when);
    }

    private static <T extends Comparable<T>> String sorted(Set<T> values) {
        return values.stream().sorted().map(T::toString).collect(Collectors.joining(" "));
    }

    private static Coding coding(String token) {
        int bar = token.indexOf('|');
        String system = token.substring(0, bar);
        return new Coding(system.isEmpty() ? null : system, token.substring(bar + 1), null);
    }
}
