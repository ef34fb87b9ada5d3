package org.careloop.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.careloop.endtoend.RawHttp.Answer;
import org.careloop.endtoend.ReferralModel.Word;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole conversations of two requesters and three agencies, each of them new and with a token of its own, in random order and at
 * the same time, held against a model that shares nothing with the services.
 */
class ConversationsIT {

    private static final int STEPS = 8;
    private static final String ACCEPTED = "T requested accepted";
    private static final List<Integer> HIDDEN = List.of(403, 404);
    private static final List<Integer> TOO_LATE = List.of(409, 412, 422);

    @TempDir
    Path folder;

    private final WholePlatform platform = WholePlatform.shared();
    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private List<Party> requesters = List.of();
    private List<Party> agencies = List.of();

    private record Claim(ReferralModel offer, Party by, String status, Answer answer) {

        boolean isHeard() {
            return answer.status() == 200;
        }
    }

    @BeforeEach
    void fiveNewOrganizations() {
        requesters = Stream.of("clinic-one-", "clinic-two-")
                .map(name -> Party.registered(platform, folder, "ehr", name + mark))
                .toList();
        agencies = Stream.of("talk-one-", "talk-two-", "talk-three-")
                .map(name -> Party.registered(platform, folder, "agency", name + mark))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyStepIsTakenOrRefusedAsTheModelSays(long seed) throws Exception {
        // Given: for each row of the table one who takes that step, and then whatever comes
        Dice dice = Dice.of(seed);
        List<Callable<ReferralModel>> conversations = new ArrayList<>();
        for (String row : ReferralModel.rows()) {
            Dice own = dice.own();
            conversations.add(() -> converse(taken(row, own), own));
        }
        // When, Then
        assertEachSeesItsOwn(AtOnce.all(conversations));
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void ofThoseWhoClaimAtOnceOneWinsAndPollsTellExactlyThat(long seed) throws Exception {
        // Given: one that is withdrawn meanwhile, one that nobody claims, one that is offered to nobody
        Dice dice = Dice.of(seed);
        List<ReferralModel> offers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            List<Party> some = dice.shuffled(agencies).subList(0, dice.once(2) ? 2 : 3);
            offers.add(dice.pick(requesters).offers(i == 5 ? List.of() : some));
        }
        assertEachSeesItsOwn(offers);
        List<Callable<Optional<Claim>>> voices = new ArrayList<>();
        for (ReferralModel offer : offers) {
            Answer current = offer.requester().get(offer.task());
            if (offer == offers.get(3)) {
                voices.add(() -> Optional.of(withdraw(offer, current)));
            }
            for (Party agency : offer == offers.get(4) ? List.<Party>of() : agencies) {
                String status = dice.pick(List.of("requested", "accepted", "accepted"));
                voices.add(() -> Optional.of(claim(offer, agency, status, current)));
            }
        }
        agencies.forEach(agency -> voices.add(() -> pollsWhatIsNobodyElses(agency)));
        // When
        List<Claim> claims = AtOnce.all(dice.shuffled(voices)).stream()
                .flatMap(Optional::stream)
                .toList();
        // Then
        offers.forEach(offer -> assertOneWins(
                offer, claims.stream().filter(claim -> claim.offer == offer).toList()));
        assertEachSeesItsOwn(offers);
        // And the winners go on
        AtOnce.all(offers.stream()
                .filter(offer -> !offer.isOpen())
                .map(offer -> conversation(offer, dice.own()))
                .toList());
        assertEachSeesItsOwn(offers);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void ofThoseWhoSpeakAtOnceOfOneVersionOneIsHeard(long seed) throws Exception {
        // Given
        Dice dice = Dice.of(seed);
        List<Callable<Void>> quarrels = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ReferralModel referral = taken(ACCEPTED, dice);
            Dice own = dice.own();
            quarrels.add(() -> {
                for (int versions = 2; !referral.hasEnded(); versions++) {
                    quarrel(referral, own, versions);
                }
                return null;
            });
        }
        // When, Then
        AtOnce.all(quarrels);
    }

    @Test
    void aRevocationAndACompletionAtOnceAreNeverMixed() throws Exception {
        Dice dice = Dice.of(7);
        for (int round = 0; round < 10; round++) {
            // Given
            ReferralModel referral = taken(ACCEPTED, dice);
            Answer request = referral.requester().get(referral.request());
            JsonNode revoked = ((ObjectNode) request.json()).put("status", "revoked");
            Answer task = referral.requester().get(referral.task());
            Word done = new Word(referral.owner(), "completed", false, true);
            // When
            List<Answer> answers = AtOnce.all(List.of(
                    () -> referral.requester().put(referral.request(), revoked, request.header("etag")),
                    () -> done.who().says(referral, done, task)));
            // Then
            boolean isRevoked = answers.getFirst().status() == 200;
            referral.ended(isRevoked);
            assertStored(referral, "round " + round + ": " + answers);
            assertThat(answers.get(isRevoked ? 0 : 1).status())
                    .as("%s", answers)
                    .isEqualTo(200);
            assertThat(answers.get(isRevoked ? 1 : 0).status())
                    .as("%s", answers)
                    .isIn(TOO_LATE);
            assertThat(history(referral)).containsExactly(referral.status(), "accepted", "requested");
        }
    }

    @Test
    void whoHasNoTaskSeesAndCountsNothing() {
        // Given
        Party three = agencies.getLast();
        ReferralModel first = requesters.getFirst().asks(agencies.getFirst(), "requested");
        ReferralModel second = requesters.getLast().offers(agencies.subList(0, 2));
        // Then
        assertEachSeesItsOwn(List.of(first, second));
        for (String type : List.of("Task", "ServiceRequest", "Patient")) {
            assertThat(three.count(type)).as(type).isZero();
            assertThat(three.found(type + "?_lastUpdated=gt2020-01-01"))
                    .as(type)
                    .isEmpty();
            assertThat(three.found(type + "/_history")).as(type).isEmpty();
        }
        assertThat(three.found("Task?patient=" + first.patient() + "," + second.patient()))
                .isEmpty();
        assertThat(three.found("Task?_id=" + Party.idOf(first.task()) + "&_include=*&_revinclude=Provenance:target"))
                .isEmpty();
        for (String path : List.of(first.task(), first.request(), first.patient())) {
            three.assertIsNotThere(path);
            requesters.getLast().assertIsNotThere(path);
        }
        for (String path : List.of(second.task(), second.request(), second.patient())) {
            three.assertIsNotThere(path);
            requesters.getFirst().assertIsNotThere(path);
        }
        // When it gets a Task of its own
        ReferralModel third = requesters.getFirst().asks(three, "requested");
        // Then it sees that one's patient and no other
        assertEachSeesItsOwn(List.of(first, second, third));
        three.assertIsNotThere(first.patient());
        three.assertIsNotThere(second.patient());
    }

    /** A referral with which the step of {@code row} was the last. */
    private ReferralModel taken(String row, Dice dice) {
        String[] step = row.split(" ");
        ReferralModel referral =
                dice.pick(requesters).asks(dice.pick(agencies), step[1].equals("draft") ? "draft" : "requested");
        ReferralModel.wayTo(step[1]).forEach(to -> step(referral, new Word(referral.owner(), to, true, true)));
        step(referral, new Word(step[0].equals("R") ? referral.requester() : referral.owner(), step[2], true, true));
        assertThat(referral.status()).isEqualTo(step[2]);
        return referral;
    }

    private Callable<ReferralModel> conversation(ReferralModel referral, Dice dice) {
        return () -> converse(referral, dice);
    }

    /** Step by step; who speaks is a party to it more often than not. */
    private ReferralModel converse(ReferralModel referral, Dice dice) {
        for (int i = 0; i < STEPS; i++) {
            Party who = dice.pick(dice.once(2) ? List.of(referral.requester(), referral.owner()) : parties());
            List<String> likely = referral.isSeenBy(who) ? referral.next(who) : List.of();
            String to = dice.pick(likely.isEmpty() || dice.once(2) ? ReferralModel.STATUSES : likely);
            step(referral, new Word(who, to, !dice.once(4), !dice.once(3)));
        }
        return referral;
    }

    private static void step(ReferralModel referral, Word word) {
        String said = referral.status() + ": " + word;
        // When
        Answer answer = word.who().says(referral, word, referral.requester().get(referral.task()));
        // Then
        if (!referral.isSeenBy(word.who())) {
            assertHidden(referral, word.who(), answer);
        } else {
            boolean isAllowed = referral.allows(word);
            assertThat(answer.status()).as("%s: %s", said, answer.text()).isEqualTo(isAllowed ? 200 : 422);
            if (isAllowed) {
                referral.take(word.to());
            }
        }
        assertStored(referral, said);
    }

    /** All speak at once of the version that is the {@code versions}th, the owner twice in the same words. */
    private void quarrel(ReferralModel referral, Dice dice, int versions) throws Exception {
        Party requester = referral.requester();
        List<Word> words = new ArrayList<>();
        dice.shuffled(referral.next(referral.owner())).stream()
                .limit(3)
                .forEach(to -> words.add(new Word(referral.owner(), to, true, true)));
        words.add(new Word(requester, dice.pick(referral.next(requester)), true, true));
        parties().stream()
                .filter(who -> !referral.isSeenBy(who))
                .forEach(who -> words.add(new Word(who, dice.pick(ReferralModel.STATUSES), true, true)));
        words.add(words.getFirst());
        // When
        Answer current = requester.get(referral.task());
        List<Answer> answers = AtOnce.all(words.stream()
                .map(word -> (Callable<Answer>) () -> word.who().says(referral, word, current))
                .toList());
        // Then
        List<Integer> heard = IntStream.range(0, words.size())
                .filter(i -> answers.get(i).status() == 200)
                .boxed()
                .toList();
        assertThat(heard).as("%s: %s", words, answers).hasSize(1);
        for (int i = 0; i < words.size(); i++) {
            if (!referral.isSeenBy(words.get(i).who())) {
                assertHidden(referral, words.get(i).who(), answers.get(i));
            } else if (!heard.contains(i)) {
                assertThat(answers.get(i).status()).as("%s", words.get(i)).isIn(TOO_LATE);
            }
        }
        referral.take(words.get(heard.getFirst()).to());
        assertStored(referral, "after " + words);
        assertThat(history(referral)).hasSize(versions + 1).startsWith(referral.status());
    }

    private static Claim claim(ReferralModel offer, Party by, String status, Answer current) {
        String patch = """
                [{"op":"add","path":"/owner","value":{"reference":"%s"}},
                 {"op":"replace","path":"/status","value":"%s"}]""".formatted(by.reference(), status);
        return new Claim(offer, by, status, by.patch(offer.task(), patch, current.header("etag")));
    }

    private static Claim withdraw(ReferralModel offer, Answer current) {
        Word word = new Word(offer.requester(), "cancelled", true, false);
        return new Claim(offer, word.who(), word.to(), word.who().says(offer, word, current));
    }

    /** While others claim. */
    private static Optional<Claim> pollsWhatIsNobodyElses(Party agency) {
        for (int i = 0; i < 5; i++) {
            Answer page = agency.get("Task?_count=200");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.json().findValues("owner"))
                    .allSatisfy(owner ->
                            assertThat(owner.path("reference").asText()).isEqualTo(agency.reference()));
        }
        return Optional.empty();
    }

    private static void assertOneWins(ReferralModel offer, List<Claim> claims) {
        List<Claim> won = claims.stream().filter(Claim::isHeard).toList();
        assertThat(won)
                .as("%s", claims)
                .hasSize(claims.isEmpty() || offer.recipients().isEmpty() ? 0 : 1);
        won.forEach(claim -> {
            if (claim.by.equals(offer.requester())) {
                offer.take(claim.status);
            } else {
                assertThat(offer.recipients()).contains(claim.by);
                offer.claimed(claim.by, claim.status);
            }
        });
        for (Claim claim : claims) {
            boolean isOffered = offer.recipients().contains(claim.by);
            if (claim.by.equals(offer.requester())) {
                assertThat(claim.answer.status()).as("%s", claim).isIn(200, 409, 412, 422);
            } else if (!claim.isHeard()) {
                assertThat(claim.answer.status())
                        .as("%s", claim)
                        .isIn(isOffered ? List.of(404, 409, 412, 422) : HIDDEN);
                assertHidden(offer, claim.by, claim.by.get(offer.task()));
            }
        }
    }

    /** Each party's views of the system as a whole are those of its own referrals. */
    private void assertEachSeesItsOwn(List<ReferralModel> referrals) {
        for (Party agency : agencies) {
            Set<String> seen = tasks(referrals, each -> each.isSeenBy(agency));
            assertThat(agency.found("Task")).as(agency.id()).isEqualTo(seen);
            assertThat(agency.count("Task")).as(agency.id()).isEqualTo(seen.size());
            assertThat(agency.count("ServiceRequest")).as(agency.id()).isEqualTo(seen.size());
            for (String status : ReferralModel.STATUSES) {
                assertThat(agency.found("Task?owner=" + agency.reference() + "&status=" + status))
                        .as("%s of %s", status, agency)
                        .isEqualTo(tasks(
                                referrals,
                                each -> each.isOwnedBy(agency) && each.status().equals(status)));
            }
            assertThat(agency.found("Task?owner:missing=true&status=requested"))
                    .as(agency.id())
                    .isEqualTo(tasks(referrals, each -> each.isOpen() && each.isSeenBy(agency)));
            // In another service, where it follows a moment later.
            Set<String> patients = patients(referrals, each -> each.opensPatientTo(agency));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(agency.found("Patient")).as(agency.id()).isEqualTo(patients));
        }
        for (Party requester : requesters) {
            Set<String> own = tasks(referrals, each -> each.isSeenBy(requester));
            // Beside referrals there are Tasks that tell it what came of these.
            assertThat(requester.found("Task?code=fulfill")).as(requester.id()).isEqualTo(own);
            assertThat(requester.count("ServiceRequest")).as(requester.id()).isEqualTo(own.size());
            assertThat(requester.count("Patient")).as(requester.id()).isEqualTo(own.size());
        }
    }

    private static Set<String> tasks(List<ReferralModel> referrals, Predicate<ReferralModel> which) {
        return referrals.stream().filter(which).map(ReferralModel::task).collect(Collectors.toSet());
    }

    private static Set<String> patients(List<ReferralModel> referrals, Predicate<ReferralModel> which) {
        return referrals.stream().filter(which).map(ReferralModel::patient).collect(Collectors.toSet());
    }

    private static void assertStored(ReferralModel referral, String after) {
        Party requester = referral.requester();
        assertThat(requester.status(referral.task())).as(after).isEqualTo(referral.status());
        assertThat(requester.status(referral.request())).as(after).isEqualTo(referral.requestStatus());
    }

    /** {@code answer} to {@code who} tells neither how far the referral is nor whose it is. */
    private static void assertHidden(ReferralModel referral, Party who, Answer answer) {
        assertThat(answer.status()).as("%s: %s", who, answer).isIn(HIDDEN);
        assertThat(answer.text())
                .doesNotContain(referral.status(), referral.requester().id(), Party.idOf(referral.patient()));
        if (!referral.isOpen()) {
            assertThat(answer.text()).doesNotContain(referral.owner().id());
        }
        assertThat(answer.header("etag") + answer.header("last-modified")).isEmpty();
    }

    /** The statuses that the Task had, newest first; each step is one of the table. */
    private static List<String> history(ReferralModel referral) {
        List<String> statuses = referral.requester().statuses(referral.task());
        for (int i = 0; i + 1 < statuses.size(); i++) {
            assertThat(ReferralModel.isStepOfTable(statuses.get(i + 1), statuses.get(i)))
                    .as("%s", statuses)
                    .isTrue();
        }
        return statuses;
    }

    private List<Party> parties() {
        return Stream.concat(requesters.stream(), agencies.stream()).toList();
    }
}
