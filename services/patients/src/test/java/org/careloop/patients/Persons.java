package org.careloop.patients;

import java.util.UUID;

/** Invented persons as JSON. */
final class Persons {

    private Persons() {}

    static String mark() {
        return UUID.randomUUID().toString();
    }

    static String patient(String gender) {
        return patient(gender, "", "");
    }

    static String patient(String gender, String id) {
        return patient(gender, "", id);
    }

    /** {@code mark} is an identifier, with its system before a bar or without. */
    static String patient(String gender, String mark, String id) {
        int bar = mark.indexOf('|');
        String identifier = mark.isEmpty()
                ? ""
                : ",\"identifier\":[{" + (bar < 0 ? "" : "\"system\":\"" + mark.substring(0, bar) + "\",")
                        + "\"value\":\"" + mark.substring(bar + 1) + "\"}]";
        return "{\"resourceType\":\"Patient\"" + (id.isEmpty() ? "" : ",\"id\":\"" + id + "\"") + identifier
                + ",\"gender\":\"" + gender + "\"}";
    }
}
