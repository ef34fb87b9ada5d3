package org.careloop.fhirvalidation.internal;

import java.util.Arrays;

/** Where a walk is: the steps of a FHIRPath, written only when there is a fault to tell. */
final class Place {

    private static final int ROOM = 16;

    private final String start;
    private String[] names = new String[ROOM];
    private int[] indexes = new int[ROOM];
    private int depth;

    Place(String start) {
        this.start = start;
    }

    /** Steps down; {@code index} is negative when the element does not repeat. */
    void enter(String name, int index) {
        if (depth == names.length) {
            names = Arrays.copyOf(names, 2 * depth);
            indexes = Arrays.copyOf(indexes, 2 * depth);
        }
        names[depth] = name;
        indexes[depth++] = index;
    }

    void leave() {
        depth--;
    }

    @Override
    public String toString() {
        StringBuilder path = new StringBuilder(start);
        for (int i = 0; i < depth; i++) {
            path.append('.').append(names[i]);
            if (indexes[i] >= 0) {
                path.append('[').append(indexes[i]).append(']');
            }
        }
        return path.toString();
    }
}
