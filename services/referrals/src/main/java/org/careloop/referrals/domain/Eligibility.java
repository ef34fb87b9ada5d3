package org.careloop.referrals.domain;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.HealthcareService.HealthcareServiceEligibilityComponent;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.hl7.fhir.r4.model.UsageContext;
import org.jspecify.annotations.Nullable;

/**
 * Whom a service is for, as far as a machine can tell: {@code HealthcareService.eligibility} with criteria as extensions. All
 * criteria of one element must hold; one of several elements is enough. An element without criteria is for people to judge, and the words
 * beside criteria are taken to say the same as these.
 */
public final class Eligibility {

    /** The URL of the extension of {@code eligibility}: a UsageContext. */
    public static final String CRITERION = "https://careloop.org/fhir/StructureDefinition/eligibility-criterion";

    private static final String KINDS = "http://terminology.hl7.org/CodeSystem/usage-context-type";
    private static final String AGE = "age";
    private static final String GENDER = "gender";
    private static final String GENDERS = "http://hl7.org/fhir/administrative-gender";
    private static final String UCUM = "http://unitsofmeasure.org";
    private static final String YEAR = "a";

    private Eligibility() {}

    /** Adds to {@code eligibility} that it is for people of these ages in completed years, both included; one is there at least. */
    public static void addAges(
            HealthcareServiceEligibilityComponent eligibility, Optional<Integer> low, Optional<Integer> high) {
        Range ages = new Range();
        low.ifPresent(age -> ages.setLow(years(age)));
        high.ifPresent(age -> ages.setHigh(years(age)));
        eligibility.addExtension(CRITERION, new UsageContext(new Coding(KINDS, AGE, "Age Range"), ages));
    }

    private static Quantity years(int age) {
        return new Quantity()
                .setValue(BigDecimal.valueOf(age))
                .setUnit("a")
                .setSystem(UCUM)
                .setCode(YEAR);
    }

    /** Returns whether {@code service} is for {@code person} on {@code day}; empty when it is for whoever needs it. */
    static Optional<ChoiceReason> judge(HealthcareService service, PersonServed person, LocalDate day) {
        if (!service.hasEligibility()) {
            return Optional.empty();
        }
        List<Optional<Boolean>> judged = service.getEligibility().stream()
                .map(eligibility -> holds(eligibility, person, day))
                .toList();
        if (judged.contains(Optional.of(true))) {
            return Optional.of(ChoiceReason.ELIGIBLE);
        }
        return Optional.of(
                judged.contains(Optional.<Boolean>empty())
                        ? ChoiceReason.ELIGIBILITY_TO_CHECK
                        : ChoiceReason.NOT_ELIGIBLE);
    }

    /** Empty: who knows. One criterion that does not hold is enough for a no, whatever is not known of the others. */
    private static Optional<Boolean> holds(
            HealthcareServiceEligibilityComponent eligibility, PersonServed person, LocalDate day) {
        List<Optional<Boolean>> judged = eligibility.getExtensionsByUrl(CRITERION).stream()
                .map(criterion -> missing(criterion).isPresent()
                        ? Optional.<Boolean>empty()
                        : holds((UsageContext) criterion.getValue(), person, day))
                .toList();
        if (judged.contains(Optional.of(false))) {
            return Optional.of(false);
        }
        return judged.isEmpty() || judged.contains(Optional.<Boolean>empty()) ? Optional.empty() : Optional.of(true);
    }

    private static Optional<Boolean> holds(UsageContext criterion, PersonServed person, LocalDate day) {
        return criterion.getValue() instanceof Range ages
                ? person.birthDate().flatMap(born -> isOf(ages, born, day))
                : person.gender()
                        .map(gender -> criterion.getValueCodeableConcept().hasCoding(GENDERS, gender));
    }

    /** Empty where the day of birth, which is not known exactly, decides. */
    private static Optional<Boolean> isOf(Range ages, BirthDate born, LocalDate day) {
        boolean asYoungest = contains(ages, born.youngest(day));
        boolean asOldest = contains(ages, born.oldest(day));
        if (asYoungest && asOldest) {
            return Optional.of(true);
        }
        boolean outside = isBelow(ages, born.oldest(day)) || isAbove(ages, born.youngest(day));
        return outside ? Optional.of(false) : Optional.empty();
    }

    private static boolean contains(Range ages, long age) {
        return !isBelow(ages, age) && !isAbove(ages, age);
    }

    private static boolean isBelow(Range ages, long age) {
        return ages.hasLow() && BigDecimal.valueOf(age).compareTo(ages.getLow().getValue()) < 0;
    }

    private static boolean isAbove(Range ages, long age) {
        return ages.hasHigh()
                && BigDecimal.valueOf(age).compareTo(ages.getHigh().getValue()) > 0;
    }

    /** Fails with {@link ProblemCode#RULE_VIOLATED} and one issue for each criterion of {@code service} that cannot be read. */
    public static void check(HealthcareService service) {
        List<FhirProblem.Issue> issues = new ArrayList<>();
        for (HealthcareServiceEligibilityComponent eligibility : service.getEligibility()) {
            for (Extension criterion : eligibility.getExtensionsByUrl(CRITERION)) {
                missing(criterion)
                        .ifPresent(expected -> issues.add(new FhirProblem.Issue(
                                Optional.of("HealthcareService.eligibility.extension"),
                                "HealthcareService.eligibility.extension: a criterion that cannot be read (expected: "
                                        + expected + ")")));
            }
        }
        if (!issues.isEmpty()) {
            throw new FhirProblem(ProblemCode.RULE_VIOLATED, issues);
        }
    }

    private static Optional<String> missing(Extension criterion) {
        if (!(criterion.getValue() instanceof UsageContext context)) {
            return Optional.of("valueUsageContext");
        }
        Coding kind = context.getCode();
        String code = KINDS.equals(kind.getSystem()) && kind.hasCode() ? kind.getCode() : "";
        return switch (code) {
            case AGE ->
                context.getValue() instanceof Range ages && isInYears(ages)
                        ? Optional.empty()
                        : Optional.of("with age valueRange with low, high or both, whole years of UCUM (a), in order");
            case GENDER ->
                context.getValue() instanceof CodeableConcept gender && isGender(gender)
                        ? Optional.empty()
                        : Optional.of("with gender valueCodeableConcept with a code of " + GENDERS);
            default -> Optional.of("code age or gender of " + KINDS);
        };
    }

    private static boolean isInYears(Range ages) {
        boolean readable = (ages.hasLow() || ages.hasHigh())
                && (!ages.hasLow() || isWhole(ages.getLow()))
                && (!ages.hasHigh() || isWhole(ages.getHigh()));
        boolean bothEnds = ages.hasLow() && ages.hasHigh();
        return readable
                && (!bothEnds
                        || ages.getLow().getValue().compareTo(ages.getHigh().getValue()) <= 0);
    }

    private static boolean isWhole(Quantity age) {
        return UCUM.equals(age.getSystem())
                && YEAR.equals(age.getCode())
                && !age.hasComparator()
                && age.hasValue()
                && age.getValue().signum() >= 0
                && age.getValue().stripTrailingZeros().scale() <= 0;
    }

    private static boolean isGender(CodeableConcept gender) {
        return gender.getCoding().stream()
                .anyMatch(coding -> GENDERS.equals(coding.getSystem()) && isKnown(coding.getCode()));
    }

    private static boolean isKnown(@Nullable String code) {
        for (AdministrativeGender gender : AdministrativeGender.values()) {
            if (gender != AdministrativeGender.NULL && gender.toCode().equals(code)) {
                return true;
            }
        }
        return false;
    }
}
