package org.careloop.fhirrest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Role;
import org.careloop.calleraccess.SmartScopes;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirstore.OtherHolders;
import org.jspecify.annotations.Nullable;

/**
 * Asks the other services for what is referred to here. What is there seldom goes away, so it is remembered for a while; that
 * something is not there is never remembered.
 */
@Singleton
public class TargetsElsewhere implements OtherHolders {

    /** Answer of {@code /federation/present}. */
    public record Present(Set<String> types, Set<String> present) {}

    /** Question to {@code /federation/present}: which of {@code references} are there, and shown to {@code asker}. */
    record Asked(Set<String> references, Asker asker) {

        Set<ResourceKey> keys() {
            return references.stream()
                    .flatMap(reference -> ResourceKey.parse(reference).stream())
                    .collect(Collectors.toSet());
        }
    }

    /** For whom a service asks: what decides about their access. */
    record Asker(
            Role role,
            @Nullable String organization,
            @Nullable String patient,
            @Nullable String person,
            String scopes) {

        static Asker of(Caller caller) {
            return new Asker(
                    caller.role(),
                    caller.organization().orElse(null),
                    caller.patient().orElse(null),
                    caller.person().orElse(null),
                    caller.scopes().claim());
        }

        Caller caller() {
            return new Caller(
                    "",
                    role,
                    Optional.ofNullable(organization),
                    Optional.ofNullable(patient),
                    Optional.ofNullable(person),
                    SmartScopes.parse(scopes),
                    false);
        }
    }

    private record Known(ResourceKey key, Asker asker) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final OtherServices others;
    private final Cache<Known, Boolean> known;
    private volatile Optional<Map<String, Set<String>>> holders = Optional.empty();

    TargetsElsewhere(OtherServices others, FederationConfig config) {
        this.others = others;
        this.known = CacheBuilder.newBuilder()
                .maximumSize(config.knownTargets())
                .expireAfterWrite(config.knownTargetsAge())
                .build();
    }

    @Override
    public Uni<Set<ResourceKey>> missing(Set<ResourceKey> keys, Caller caller) {
        Asker asker = Asker.of(caller);
        Set<ResourceKey> asked = keys.stream()
                .filter(key -> known.getIfPresent(new Known(key, asker)) == null)
                .collect(Collectors.toSet());
        if (asked.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        return holders().chain(services -> {
            Map<String, Set<ResourceKey>> byService = new HashMap<>();
            asked.forEach(key -> services.getOrDefault(key.type(), Set.of())
                    .forEach(service -> byService
                            .computeIfAbsent(service, name -> new HashSet<>())
                            .add(key)));
            return inParallel(byService, asker).map(present -> {
                present.forEach(key -> known.put(new Known(key, asker), true));
                return asked.stream().filter(key -> !present.contains(key)).collect(Collectors.toSet());
            });
        });
    }

    @Override
    public Uni<List<String>> openers(String patient, Map<String, Set<String>> types) {
        List<Uni<String>> answers = types.entrySet().stream()
                .filter(service -> others.names().contains(service.getKey()))
                .map(service -> others.post(
                                service.getKey(), "/federation/openers/" + patient, write(service.getValue()))
                        .map(Buffer::toString))
                .toList();
        return answers.isEmpty()
                ? Uni.createFrom().item(List.of())
                : Uni.join().all(answers).andFailFast();
    }

    /** Returns the names of types that {@code body} asks for. */
    static Set<String> types(byte[] body) {
        try {
            return JSON.readValue(body, new TypeReference<Set<String>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("not asked by a service", e);
        }
    }

    private Uni<Set<ResourceKey>> inParallel(Map<String, Set<ResourceKey>> byService, Asker asker) {
        if (byService.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        List<Uni<Set<ResourceKey>>> answers = byService.entrySet().stream()
                .map(service -> ask(service.getKey(), service.getValue(), asker).map(TargetsElsewhere::keys))
                .toList();
        return Uni.join()
                .all(answers)
                .andFailFast()
                .map(present -> present.stream().flatMap(Set::stream).collect(Collectors.toSet()));
    }

    /** The services that hold each type; they are the same until a restart. */
    private Uni<Map<String, Set<String>>> holders() {
        if (holders.isPresent()) {
            return Uni.createFrom().item(holders.get());
        }
        List<Uni<Map.Entry<String, Present>>> answers = others.names().stream()
                .map(service ->
                        ask(service, Set.of(), Asker.of(Caller.PLATFORM)).map(present -> Map.entry(service, present)))
                .toList();
        return Uni.join().all(answers).andFailFast().map(all -> {
            Map<String, Set<String>> found = new HashMap<>();
            all.forEach(answer -> answer.getValue()
                    .types()
                    .forEach(type ->
                            found.computeIfAbsent(type, name -> new HashSet<>()).add(answer.getKey())));
            holders = Optional.of(found);
            return found;
        });
    }

    private Uni<Present> ask(String service, Set<ResourceKey> keys, Asker asker) {
        Buffer body = write(new Asked(keys.stream().map(ResourceKey::reference).collect(Collectors.toSet()), asker));
        return others.post(service, "/federation/present", body).map(answer -> read(answer.getBytes(), Present.class));
    }

    private static Set<ResourceKey> keys(Present answer) {
        return answer.present().stream()
                .flatMap(reference -> ResourceKey.parse(reference).stream())
                .collect(Collectors.toSet());
    }

    /** Returns what {@code body} asks for. */
    static Asked asked(byte[] body) {
        try {
            return JSON.readValue(body, Asked.class);
        } catch (IOException e) {
            throw new UncheckedIOException("not asked by a service", e);
        }
    }

    static Buffer write(Object value) {
        try {
            return Buffer.buffer(JSON.writeValueAsBytes(value));
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
    }

    private static <T> T read(byte[] body, Class<T> type) {
        try {
            return JSON.readValue(body, type);
        } catch (IOException e) {
            throw new UncheckedIOException("not answered by a service", e);
        }
    }
}
