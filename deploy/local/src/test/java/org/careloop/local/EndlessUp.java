package org.careloop.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A launcher whose second component never gets well. */
final class EndlessUp {

    private EndlessUp() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        Component store = new WebComponent("store", Integer.parseInt(arguments[1]), Set.of(), folder, "/");
        Component front =
                new WebComponent("front", Integer.parseInt(arguments[2]), Set.of("store"), folder, "/").neverWell();
        Platform platform = new Platform(new Layout(folder), List.of(store, front));
        new Up(platform, new Preflight(25, 0), Progress.on(System.out)).start(platform.components());
    }
}
