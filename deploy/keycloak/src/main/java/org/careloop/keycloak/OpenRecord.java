package org.careloop.keycloak;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.UserModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * What an authorization needs after the person has logged in: that it is meant for this FHIR server, and, where its scopes ask
 * for a launch context, which record is open. That comes from the EHR ({@code launch}), is the person's own, or is asked for.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/app-launch.html">SMART App Launch 2.2</a>
 */
final class OpenRecord implements RequiredActionProvider {

    static final String ID = "careloop-open-record";

    private static final Pattern OF_PEOPLE = Pattern.compile("launch(/.*)?|(patient|user)/.*");
    private static final String PATIENT = "patient";

    /** Keycloak asks again what is needed after each thing that was done. */
    private static final String DONE = "careloop.open-record";

    /** What the application sent beside what OAuth defines. */
    private static final String SENT = "client_request_param_";

    private final String fhirServer;

    OpenRecord(String fhirServer) {
        this.fhirServer = fhirServer;
    }

    @Override
    public void evaluateTriggers(RequiredActionContext context) {
        AuthenticationSessionModel session = context.getAuthenticationSession();
        boolean isAuthorization = session != null && session.getClientNote("response_type") != null;
        if (isAuthorization
                && session.getAuthNote(DONE) == null
                && scopes(session).stream()
                        .anyMatch(scope -> OF_PEOPLE.matcher(scope).matches())) {
            session.addRequiredAction(ID);
        }
    }

    @Override
    public void requiredActionChallenge(RequiredActionContext context) {
        AuthenticationSessionModel session = context.getAuthenticationSession();
        if (!isMeantForThisServer(session)) {
            context.failure("aud: missing, or another server (expected: " + fhirServer + ")");
        } else if (scopes(session).contains("launch")) {
            launchedByEhr(context);
        } else if (!scopes(session).contains("launch/patient")) {
            done(context);
        } else {
            ownPatient(context.getUser())
                    .ifPresentOrElse(patient -> open(context, Launch.of(patient)), () -> ask(context, ""));
        }
    }

    /** The person has named a patient. What they may see of that record, if it is there, the services decide. */
    @Override
    public void processAction(RequiredActionContext context) {
        String patient = context.getHttpRequest().getDecodedFormParameters().getFirst(PATIENT);
        if (patient != null && Launch.isId(patient.strip())) {
            open(context, Launch.of(patient.strip()));
        } else {
            ask(context, "Id of a Patient: 1 to 64 letters, digits, - and .");
        }
    }

    private static void launchedByEhr(RequiredActionContext context) {
        AuthenticationSessionModel session = context.getAuthenticationSession();
        String launch =
                Optional.ofNullable(session.getClientNote(SENT + "launch")).orElse("");
        new LaunchContexts(context.getSession().singleUseObjects())
                .take(launch)
                .filter(kept -> isFor(kept, context.getUser(), session))
                .ifPresentOrElse(
                        kept -> open(context, Launch.from(kept::get)),
                        () -> context.failure("launch: unknown, used, too old, or of another organization"));
    }

    /** An EHR opens records for the people of its own organisation alone, and for the application that it started. */
    private static boolean isFor(Map<String, String> kept, UserModel user, AuthenticationSessionModel session) {
        String organization = user.getFirstAttribute("careloop_organization");
        String client = session.getClient().getClientId();
        return organization != null
                && organization.equals(kept.get(LaunchEndpoint.ORGANIZATION))
                && client.equals(kept.get(LaunchEndpoint.CLIENT));
    }

    private static Optional<String> ownPatient(UserModel user) {
        return Optional.ofNullable(user.getFirstAttribute("careloop_patient"));
    }

    private static void open(RequiredActionContext context, Launch launch) {
        AuthenticationSessionModel session = context.getAuthenticationSession();
        launch.note(session.getClientNote("code_challenge"), session::setClientNote);
        done(context);
    }

    private static void done(RequiredActionContext context) {
        context.getAuthenticationSession().setAuthNote(DONE, "true");
        context.success();
    }

    private static void ask(RequiredActionContext context, String problem) {
        context.challenge(context.form().setAttribute("problem", problem).createForm("careloop-open-record.ftl"));
    }

    private boolean isMeantForThisServer(AuthenticationSessionModel session) {
        String meant = Optional.ofNullable(session.getClientNote(SENT + "aud")).orElse("");
        return meant.equals(fhirServer) || meant.equals(fhirServer + "/");
    }

    private static List<String> scopes(AuthenticationSessionModel session) {
        return Arrays.asList(
                Optional.ofNullable(session.getClientNote("scope")).orElse("").split(" "));
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
