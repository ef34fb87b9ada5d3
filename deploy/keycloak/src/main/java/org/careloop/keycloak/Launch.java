package org.careloop.keycloak;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * In which context an application was authorized: whose record is open, in which encounter.
 *
 * @param parameters as the token and its answer name them, {@code patient} and {@code encounter}
 * @see <a href="https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html">SMART App Launch 2.2, launch context</a>
 */
record Launch(Map<String, String> parameters) {

    static final List<String> PARAMETERS = List.of("patient", "encounter");

    private static final Pattern FHIR_ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");

    /** Tells whether {@code text} may be the id of a resource; whether there is such a one, the services know. */
    static boolean isId(String text) {
        return FHIR_ID.matcher(text).matches();
    }

    /** The context of the patient whose record is open. */
    static Launch of(String patient) {
        return new Launch(Map.of("patient", patient));
    }

    /** Takes from {@code named} what belongs to a context. */
    static Launch from(UnaryOperator<@Nullable String> named) {
        Map<String, String> parameters = new TreeMap<>();
        PARAMETERS.forEach(
                name -> Optional.ofNullable(named.apply(name)).ifPresent(value -> parameters.put(name, value)));
        return new Launch(parameters);
    }

    /** Reads the notes of the authorization of this name. */
    static Launch noted(String authorization, UnaryOperator<@Nullable String> notes) {
        return from(name -> notes.apply(note(authorization, name)));
    }

    /** Writes notes for the authorization of this name: one session may have several, each with a patient of its own. */
    void note(String authorization, BiConsumer<String, String> notes) {
        parameters.forEach((name, value) -> notes.accept(note(authorization, name), value));
    }

    private static String note(String authorization, String name) {
        return "careloop.launch." + authorization + "." + name;
    }
}
