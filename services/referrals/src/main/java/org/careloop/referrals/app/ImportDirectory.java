package org.careloop.referrals.app;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Interaction;
import org.careloop.fhirmodel.FhirProblem;
import org.careloop.fhirmodel.ProblemCode;
import org.careloop.fhirmodel.ResourceKey;
import org.careloop.fhirrest.ResourceInteractions;
import org.careloop.fhirsearch.Condition;
import org.careloop.fhirsearch.QueryParameter;
import org.careloop.fhirsearch.SearchParser;
import org.careloop.fhirstore.HeavyWork;
import org.careloop.fhirstore.InTurn;
import org.careloop.fhirstore.ResourceStore;
import org.careloop.fhirstore.StoredResource;
import org.careloop.referrals.ReferralsConfig;
import org.careloop.referrals.domain.hsds.HsdsDirectory;
import org.careloop.referrals.domain.hsds.HsdsDirectory.Listing;
import org.careloop.referrals.domain.hsds.HsdsMerge;
import org.careloop.referrals.domain.hsds.HsdsReport;
import org.careloop.referrals.domain.hsds.HsdsReport.Done;
import org.careloop.referrals.domain.hsds.HsdsSource;
import org.careloop.referrals.domain.hsds.HsdsTerms;
import org.careloop.referrals.hsds.HsdsFile;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Resource;

/**
 * Takes a directory that others publish as HSDS. Each resource is a write of its own: one that is refused is told, the rest is
 * imported, and the same file again goes on where the first was broken off. What has vanished from the source is told and not
 * deleted: referrals may be under way.
 */
@Singleton
public class ImportDirectory {

    /** Of each type, which of those that were imported before still count. */
    private static final Map<String, QueryParameter> CURRENT = Map.of(
            "Organization", new QueryParameter("active:not", "false"),
            "Location", new QueryParameter("status:not", "inactive"),
            "HealthcareService", new QueryParameter("active:not", "false"));

    private static final String PROOF = "VerificationResult";
    private static final int SERVER_ERROR = 500;

    private final ResourceStore store;
    private final ResourceInteractions interactions;
    private final ReadEachPage pages;
    private final HsdsTerms terms;
    private final Clock clock;
    private final HsdsFile.Limits limits;

    ImportDirectory(
            ResourceStore store,
            ResourceInteractions interactions,
            ReadEachPage pages,
            HsdsTerms terms,
            Clock clock,
            ReferralsConfig config) {
        this.store = store;
        this.interactions = interactions;
        this.pages = pages;
        this.terms = terms;
        this.clock = clock;
        this.limits = new HsdsFile.Limits(config.maxHsdsRows(), config.maxHsdsSize());
    }

    /** A file of {@code source}, as it came. */
    public record Sent(HsdsSource source, String mediaType, byte[] body) {}

    /**
     * Imports {@code file} and returns what became of it. Fails with {@link ProblemCode#MALFORMED_BODY}, {@link
     * ProblemCode#TOO_COSTLY} or {@link ProblemCode#BODY_TOO_LARGE} before anything is written, and where {@code access} fails.
     *
     * @param access what of a type the caller may do an interaction with, or fails
     */
    public Uni<OperationOutcome> handle(Sent file, Caller caller, BiFunction<String, Interaction, Condition> access) {
        Map<String, Open> open = Stream.concat(CURRENT.keySet().stream(), Stream.of(PROOF))
                .collect(Collectors.toMap(Function.identity(), type -> Open.of(type, access)));
        HsdsReport report = new HsdsReport();
        return HeavyWork.always(() -> HsdsFile.read(file.body(), file.mediaType(), limits))
                .chain(read -> HeavyWork.always(
                                () -> HsdsDirectory.of(read.tables(), file.source(), terms, clock.instant()))
                        .call(directory ->
                                InTurn.each(directory.listings(), listing -> store(listing, caller, open, report)))
                        .invoke(directory -> directory.issues().forEach(report::add))
                        .chain(directory -> vanished(read, directory, file.source(), open, report)))
                .map(ignored -> report.outcome());
    }

    private record Open(Condition read, Condition search, Condition update, Condition create) {
        static Open of(String type, BiFunction<String, Interaction, Condition> access) {
            return new Open(
                    access.apply(type, Interaction.READ),
                    access.apply(type, Interaction.SEARCH),
                    access.apply(type, Interaction.UPDATE),
                    access.apply(type, Interaction.CREATE));
        }
    }

    private Uni<Void> store(Listing listing, Caller caller, Map<String, Open> open, HsdsReport report) {
        Resource imported = listing.resource();
        String type = imported.fhirType();
        ResourceKey key = ResourceKey.of(type, imported.getIdElement().getIdPart());
        return store.find(key, open.get(type).read())
                .chain(known -> write(known, imported, caller, open.get(type)))
                .invoke(done -> report.done(type, done))
                .replaceWithVoid()
                .onFailure(ImportDirectory::isOfTheRow)
                .recoverWithUni(problem -> {
                    report.refused(
                            listing.place(),
                            type,
                            ((FhirProblem) problem).issues().getFirst().diagnostics());
                    return Uni.createFrom().voidItem();
                });
    }

    private static boolean isOfTheRow(Throwable failure) {
        return failure instanceof FhirProblem problem && problem.code().status() < SERVER_ERROR;
    }

    /** What somebody deleted here stays so, whatever the source goes on to list. */
    private Uni<Done> write(Optional<StoredResource> known, Resource imported, Caller caller, Open open) {
        if (known.filter(StoredResource::deleted).isPresent()) {
            throw new FhirProblem(ProblemCode.RESOURCE_GONE, "was deleted here, and stays so");
        }
        Resource next = known.map(there -> HsdsMerge.of(there.as(Resource.class), imported))
                .orElse(imported);
        return interactions
                .update(caller, open.update(), open::create, next, known.map(StoredResource::eTag))
                .map(saved -> known.isEmpty()
                        ? Done.CREATED
                        : saved.resource().version() == known.get().version() ? Done.UNCHANGED : Done.UPDATED);
    }

    private Uni<Void> vanished(
            HsdsFile.Read read, HsdsDirectory directory, HsdsSource source, Map<String, Open> open, HsdsReport report) {
        if (!read.whole()) {
            report.notWhole();
            return Uni.createFrom().voidItem();
        }
        Set<String> listed = new HashSet<>();
        directory
                .listings()
                .forEach(each -> listed.add(each.resource().fhirType() + "/"
                        + each.resource().getIdElement().getIdPart()));
        return InTurn.each(List.copyOf(CURRENT.keySet()), type -> {
            Condition imported = SearchParser.condition(
                    type, List.of(new QueryParameter("identifier", source.system() + "|"), CURRENT.get(type)));
            return pages.handle(type, imported, each -> open.get(each).search(), page -> {
                page.stream()
                        .map(each -> each.key().reference())
                        .filter(reference -> !listed.contains(reference))
                        .forEach(report::vanished);
                return Uni.createFrom().voidItem();
            });
        });
    }
}
