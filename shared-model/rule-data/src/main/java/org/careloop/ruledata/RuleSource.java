package org.careloop.ruledata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Where tables of rules are read from: a folder of the site, and what the product ships for what the site does not say. A file of the
 * folder replaces the shipped one of its name as a whole; calendars may be added.
 */
public final class RuleSource {

    private static final Path RULES = Path.of("rules");
    private static final Path CALENDARS = Path.of("calendars");

    private final Optional<Path> folder;

    private RuleSource(Optional<Path> folder) {
        this.folder = folder;
    }

    /** Returns what the product ships, and nothing else. */
    public static RuleSource shipped() {
        return new RuleSource(Optional.empty());
    }

    /**
     * Looks into {@code folder} first, where there is one. Fails with {@link IllegalStateException} when it is none, or holds a table
     * that the product does not have: a misspelt name is never silently ignored.
     *
     * @param own names of folders, besides that of calendars, to which the site may add files
     */
    public static RuleSource of(Optional<Path> folder, String... own) {
        List<Path> additions = Stream.concat(
                        Stream.of(CALENDARS), Stream.of(own).map(Path::of))
                .toList();
        folder.ifPresent(found -> check(found, additions));
        return new RuleSource(folder);
    }

    /** Reads the table {@code name}, such as {@code rules/offers.yaml}; fails as {@link RuleData#fromResource} does. */
    public <T> T read(Class<T> type, String name) {
        Optional<Path> own = folder.map(found -> found.resolve(name)).filter(Files::isRegularFile);
        return own.isPresent() ? RuleData.fromText(type, name, text(own.get())) : RuleData.fromResource(type, name);
    }

    private static void check(Path folder, List<Path> additions) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(folder + ": no folder (expected: the folder of the site's rules)");
        }
        // Folders that Kubernetes mounts are links.
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            files.map(folder::relativize)
                    .filter(file -> file.toString().endsWith(".yaml") && !isOfKubernetes(file))
                    .filter(file -> additions.stream().noneMatch(file::startsWith))
                    .filter(file -> !file.startsWith(RULES) || !isShipped(file))
                    .findFirst()
                    .ifPresent(unknown -> {
                        throw new IllegalStateException(unknown + ": unknown (expected: a table that the product has)");
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It keeps the versions of a folder in others that begin with two dots. */
    private static boolean isOfKubernetes(Path file) {
        return StreamSupport.stream(file.spliterator(), false)
                .anyMatch(part -> part.toString().startsWith(".."));
    }

    private static boolean isShipped(Path file) {
        return RuleSource.class.getClassLoader().getResource(file.toString()) != null;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
