package org.careloop.endtoend;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** What all tests of this run told the platform of people, and which secrets they used: none of it may be seen outside. */
final class Told {

    private static final Set<String> OF_PEOPLE = new ConcurrentSkipListSet<>();
    private static final Set<String> SECRET = new ConcurrentSkipListSet<>();
    private static final int TELLING = 24;
    private static final int SHORTEST = 8;

    private Told() {}

    /** A request is sent: to {@code address}, with {@code body}, which may be empty. */
    static void request(String address, String body) {
        OF_PEOPLE.addAll(PatientData.ofAddress(address));
        OF_PEOPLE.addAll(PatientData.ofBody(body));
    }

    /** A password, key, code or token is used; a token also counts when a part of it is seen. */
    static void secret(String text) {
        if (text.startsWith("eyJ")) {
            Arrays.stream(text.split("\\."))
                    .skip(1)
                    .filter(part -> part.length() >= TELLING)
                    .forEach(part -> SECRET.add(part.substring(part.length() - TELLING)));
        } else if (text.length() >= SHORTEST) {
            SECRET.add(text);
        }
    }

    /** Names, birth dates, numbers, addresses, diagnoses, texts. */
    static Collection<String> ofPeople() {
        return OF_PEOPLE;
    }

    /** Passwords, codes, and the ends of what tokens say and of their signatures. */
    static Collection<String> secrets() {
        return SECRET;
    }
}
