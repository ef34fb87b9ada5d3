package org.careloop.fhirvalidation.internal;

import java.util.Comparator;

/** Orders versions of canonical resources, oldest first: numbers as numbers, and a pre-release before its release. */
final class Versions {

    static final Comparator<String> OLDEST_FIRST = Versions::compare;

    private Versions() {}

    private static int compare(String one, String other) {
        String[] first = one.split("-", 2);
        String[] second = other.split("-", 2);
        String[] numbers = first[0].split("\\.");
        String[] others = second[0].split("\\.");
        for (int i = 0; i < Math.max(numbers.length, others.length); i++) {
            int order = part(i < numbers.length ? numbers[i] : "0", i < others.length ? others[i] : "0");
            if (order != 0) {
                return order;
            }
        }
        if (first.length != second.length) {
            return second.length - first.length;
        }
        return first.length == 1 ? 0 : first[1].compareTo(second[1]);
    }

    private static int part(String one, String other) {
        boolean numbers = one.matches("[0-9]{1,18}") && other.matches("[0-9]{1,18}");
        return numbers ? Long.compare(Long.parseLong(one), Long.parseLong(other)) : one.compareTo(other);
    }
}
