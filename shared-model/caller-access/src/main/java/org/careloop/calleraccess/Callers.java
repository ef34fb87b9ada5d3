package org.careloop.calleraccess;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;

/** Makes callers from verified tokens. */
@Singleton
public class Callers {

    /** Token claims that Careloop's realm sets, see {@code deploy/keycloak}. */
    private static final String ROLE = "careloop_role";

    private static final String ORGANIZATION = "careloop_organization";
    private static final String PATIENT = "careloop_patient";

    /** SMART's launch context: the patient whose record a person opened in their application. */
    private static final String LAUNCH_PATIENT = "patient";

    Callers() {}

    /**
     * Returns the caller that {@code identity}'s token names. Fails with {@link ProblemCode#UNAUTHENTICATED} when there is
     * no token, with {@link ProblemCode#FORBIDDEN} when it has no role on this platform.
     */
    public Caller of(SecurityIdentity identity) {
        if (identity.isAnonymous() || !(identity.getPrincipal() instanceof AccessToken token)) {
            throw new FhirProblem(
                    ProblemCode.UNAUTHENTICATED, "Authorization: missing (expected: Bearer access token)");
        }
        Role role = token.claim(ROLE)
                .flatMap(Role::of)
                .orElseThrow(() -> new FhirProblem(
                        ProblemCode.FORBIDDEN,
                        "access token: no role on this platform (expected: claim " + ROLE + ")"));
        return new Caller(
                token.getName(),
                role,
                token.claim(ORGANIZATION),
                token.claim(role == Role.PATIENT ? PATIENT : LAUNCH_PATIENT),
                token.claim("sub"),
                SmartScopes.parse(token.claim("scope").orElse("")),
                false);
    }

    /** Returns whom {@code identity}'s token names, whether or not they have a role on this platform. */
    public RefusalReport.Claims claimsOf(SecurityIdentity identity) {
        return identity.getPrincipal() instanceof AccessToken token
                ? new RefusalReport.Claims(
                        token.claim("azp").orElse(null),
                        token.claim("sub").orElse(null),
                        token.claim(ROLE).orElse(null),
                        token.claim(ORGANIZATION).orElse(null))
                : new RefusalReport.Claims(null, null, null, null);
    }
}
