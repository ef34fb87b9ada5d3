package org.careloop.calleraccess;

/**
 * What a caller wants to do with a type, with the letter of SMART scopes.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/STU2/scopes-and-launch-context.html">SMART scopes</a>
 */
public enum Interaction {
    CREATE('c'),
    READ('r'),
    UPDATE('u'),
    DELETE('d'),
    SEARCH('s');

    private final char letter;

    Interaction(char letter) {
        this.letter = letter;
    }

    char letter() {
        return letter;
    }
}
