package org.careloop.careplans.domain;

import static org.careloop.careplans.domain.CommunicationTerms.require;

import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.ruledata.RuleSource;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Communication;

/**
 * What a team found when it looked back: at a transition, or at a readmission, of which the cause, whether it could have been prevented
 * and what contributed are asked, too. What has to be said is data, {@code rules/debriefs-2026.yaml}.
 */
public final class Debriefs {

    private static final String CATEGORY = "debrief";
    private static final String REVIEW = "readmission-review";
    private static final String PREVENTABILITY = "https://careloop.org/fhir/CodeSystem/preventability";
    private static final String FACTORS = "https://careloop.org/fhir/CodeSystem/readmission-factor";

    /** The data file: sections by topic; factors with what they mean. */
    record Rules(
            String version,
            Map<String, List<String>> sections,
            Set<String> preventability,
            Map<String, String> factors) {}

    private final Rules rules;

    Debriefs(Rules rules) {
        this.rules = rules;
    }

    /** Returns the rules that come with the service. */
    public static Debriefs shipped() {
        return of(RuleSource.shipped());
    }

    /** Returns the rules of {@code source}; fails as it does. */
    public static Debriefs of(RuleSource source) {
        return new Debriefs(source.read(Rules.class, "rules/debriefs-2026.yaml"));
    }

    /** Whether {@code communication} is one. */
    public static boolean is(Communication communication) {
        return CommunicationTerms.isOf(communication, CATEGORY);
    }

    /** Completes {@code next}, a debrief; fails with {@link org.careloop.fhirmodel.ProblemCode#RULE_VIOLATED}. */
    public void complete(Optional<Communication> previous, Communication next, Writer writer, Date now) {
        SentOnce.checkStep(previous, next, writer);
        SentOnce.stamp(previous, next, writer, now);
        if (!SentOnce.isSent(next)) {
            return;
        }
        List<String> topics = CommunicationTerms.topics(next.getTopic());
        require(
                topics.size() == 1 && rules.sections().containsKey(topics.getFirst()),
                "topic",
                "not a kind of debrief (expected: one of "
                        + rules.sections().keySet().stream().sorted().collect(Collectors.joining(", ")) + ")");
        String topic = topics.getFirst();
        PayloadSections.check(next, rules.sections().get(topic));
        require(CommunicationTerms.isTold(next.getSender()), "sender", "missing (expected: who wrote it)");
        require(
                next.getEncounter().hasReference(),
                "encounter",
                "missing (expected: the stay; of a readmission, the later one)");
        require(
                next.getAbout().stream()
                        .anyMatch(about -> String.valueOf(about.getReference()).startsWith("EpisodeOfCare/")),
                "about",
                "missing (expected: the EpisodeOfCare; of a readmission, the former one)");
        if (topic.equals(REVIEW)) {
            review(next);
        }
    }

    private void review(Communication next) {
        List<String> preventable = codes(next, PREVENTABILITY);
        require(
                preventable.size() == 1 && rules.preventability().containsAll(preventable),
                "reasonCode",
                "does not say whether it could have been prevented (expected: one of "
                        + rules.preventability().stream().sorted().collect(Collectors.joining(", ")) + " of "
                        + PREVENTABILITY + ")");
        List<String> factors = codes(next, FACTORS);
        require(
                !factors.isEmpty() && rules.factors().keySet().containsAll(factors),
                "reasonCode",
                "does not say what contributed (expected: at least one, all of "
                        + rules.factors().keySet().stream().sorted().collect(Collectors.joining(", ")) + " of "
                        + FACTORS
                        + ")");
    }

    private static List<String> codes(Communication next, String system) {
        return next.getReasonCode().stream()
                .flatMap(reason -> reason.getCoding().stream())
                .filter(coding -> system.equals(coding.getSystem()))
                .map(Coding::getCode)
                .toList();
    }
}
