package org.careloop.fhirrest;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.careloop.fhirmodel.FhirJson;
import org.careloop.fhirvalidation.Terminology;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.TerminologyCapabilities;
import org.hl7.fhir.r4.model.TerminologyCapabilities.CapabilityStatementKind;
import org.hl7.fhir.r4.model.TerminologyCapabilities.TerminologyCapabilitiesCodeSystemComponent;

/**
 * Which code systems are held, shipped and installed ones; made when it is first asked for, since that loads them.
 *
 * @see <a href="https://hl7.org/fhir/R4/terminologycapabilities.html">FHIR R4 TerminologyCapabilities</a>
 */
@Singleton
class TerminologyStatement {

    private static final List<String> OF_EXPANSIONS = List.of("count", "filter", "offset", "url", "valueSetVersion");

    private final Terminology terminology;
    private final FhirRestConfig config;
    private final Uni<Buffer> statement;

    TerminologyStatement(Terminology terminology, FhirRestConfig config) {
        this.terminology = terminology;
        this.config = config;
        this.statement = Uni.createFrom()
                .item(() -> Buffer.buffer(FhirJson.write(statement())))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .memoize()
                .indefinitely();
    }

    /** Returns the statement as FHIR JSON. */
    Uni<Buffer> handle() {
        return statement;
    }

    private TerminologyCapabilities statement() {
        TerminologyCapabilities statement = new TerminologyCapabilities();
        statement.setStatus(PublicationStatus.ACTIVE).setDate(new Date()).setKind(CapabilityStatementKind.INSTANCE);
        statement.getSoftware().setName("Careloop");
        statement.getImplementation().setDescription("Careloop FHIR R4 API").setUrl(config.baseUrl());
        versions().forEach((url, versions) -> {
            TerminologyCapabilitiesCodeSystemComponent system =
                    statement.addCodeSystem().setUri(url);
            versions.forEach(version -> system.addVersion().setCode(version));
        });
        statement.getExpansion().setHierarchical(false).setPaging(true).setIncomplete(false);
        OF_EXPANSIONS.forEach(name -> statement.getExpansion().addParameter().setName(name));
        statement.getValidateCode().setTranslations(false);
        return statement;
    }

    /** The versions of each code system; none of one that has no version. */
    private Map<String, List<String>> versions() {
        return terminology.codeSystems().stream()
                .collect(Collectors.groupingBy(
                        canonical -> canonical.split("[|]", 2)[0],
                        TreeMap::new,
                        Collectors.filtering(
                                canonical -> canonical.contains("|"),
                                Collectors.mapping(
                                        canonical -> canonical.substring(canonical.indexOf('|') + 1),
                                        Collectors.toList()))));
    }
}
