package org.careloop.patients.fuzz;

import java.util.List;
import org.careloop.testkit.Tokens;

/**
 * Somebody who asks.
 *
 * @param person the subject of the token
 * @param organization id of the organisation; empty for a patient
 * @param patient the patient that they are, or whose record they have opened; empty for none
 */
record Caller(
        String name,
        String role,
        String person,
        String organization,
        String patient,
        List<Scope> scopes,
        String token) {

    /**
     * A scope, as the model reads it.
     *
     * @param type {@code *} for all
     * @param letters of {@code cruds}
     * @param category that the resource must have; empty for any
     */
    record Scope(boolean ofPatient, String type, String letters, String category) {

        private static Scope of(String text) {
            String[] parts = text.split("[/.?]", 4);
            String letters = switch (parts[2]) {
                case "read" -> "rs";
                case "*" -> "cruds";
                default -> parts[2];
            };
            return new Scope(
                    parts[0].equals("patient"), parts[1], letters, parts.length < 4 ? "" : parts[3].split("=")[1]);
        }
    }

    static Caller of(String name, String role, String person, String organization, String scope) {
        return new Caller(
                name, role, person, organization, "", scopes(scope), Tokens.token(person, role, organization, scope));
    }

    static Caller inRecordOf(String patient, String name, String person, String organization, String scope) {
        return new Caller(
                name,
                "coordinator",
                person,
                organization,
                patient,
                scopes(scope),
                Tokens.inRecordOf(patient, person, "coordinator", organization, scope));
    }

    static Caller patient(String name, String patient) {
        return new Caller(name, "patient", "patient", "", patient, scopes("patient/*.rs"), Tokens.patient(patient));
    }

    private static List<Scope> scopes(String text) {
        return List.of(text.split(" ")).stream().map(Scope::of).toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
