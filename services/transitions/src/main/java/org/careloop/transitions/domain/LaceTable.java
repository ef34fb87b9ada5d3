package org.careloop.transitions.domain;

import java.util.List;
import org.careloop.eventcontracts.SharedTerms;
import org.careloop.transitions.domain.ScoreSteps.Band;
import org.careloop.transitions.domain.ScoreSteps.Step;

/**
 * The points and bands of a LACE edition, as data.
 *
 * @param version names the edition
 * @param title the score's name for people
 * @param outcome what the score predicts
 * @param horizonDays within how many days after discharge
 * @param countsDischargeDay whether the stay counts both the day of admission and the day of discharge
 * @param lengthOfStay points by days
 * @param acuteAdmission points of an acute (emergent) admission
 * @param acutePriorities v3-ActPriority codes of an acute admission
 * @param otherPriorities v3-ActPriority codes of any other admission
 * @param comorbidity points by the sum of Charlson weights
 * @param emergencyVisits points by visits in the 6 months before admission, without the one that led to it
 * @param indexVisitHours an emergency visit that ended later than this before the admission is the one that led to it
 * @param bands risk by total
 * @param charlson the comorbidities
 */
record LaceTable(
        String version,
        String title,
        String outcome,
        int horizonDays,
        boolean countsDischargeDay,
        List<Step> lengthOfStay,
        int acuteAdmission,
        List<String> acutePriorities,
        List<String> otherPriorities,
        List<Step> comorbidity,
        List<Step> emergencyVisits,
        int indexVisitHours,
        List<Band> bands,
        CharlsonTable charlson) {

    ScoreKind kind() {
        return new ScoreKind(SharedTerms.DECIDING_RISK_METHOD, title, outcome, horizonDays);
    }
}
