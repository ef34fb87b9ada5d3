package org.careloop.referrals.app;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.Caller;

/**
 * A caller as the life cycles of the domain know it.
 *
 * @param references the literal references that stand for the caller
 */
record Party(Set<String> references, boolean isPlatform) {

    static Party of(Caller caller) {
        Stream<String> organization = caller.organizationReference().stream();
        Stream<String> patient = caller.patient().map(id -> "Patient/" + id).stream();
        return new Party(
                Stream.concat(organization, patient).collect(Collectors.toUnmodifiableSet()), caller.isPlatform());
    }
}
