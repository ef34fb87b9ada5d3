package org.careloop.transitions.domain.document;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.careloop.fhirmodel.FhirJson;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.Resource;

/** Keeps a document to a size that is stored and told: of files that are too large, their title says so in the place of the data. */
final class Attachments {

    /** Bytes of all files of a document. */
    static final int MOST = 4 << 20;

    private static final String LEFT_OUT = "(too large for this document, see the record)";

    private Attachments() {}

    /** Takes the data of the largest files out of {@code copies} until the others are small enough together. */
    static void fit(Collection<Resource> copies) {
        List<Attachment> files = copies.stream()
                .flatMap(resource ->
                        FhirJson.context()
                                .newTerser()
                                .getAllPopulatedChildElementsOfType(resource, Attachment.class)
                                .stream())
                .filter(Attachment::hasData)
                .sorted(Comparator.comparingInt(Attachments::size).reversed())
                .toList();
        long all = files.stream().mapToLong(Attachments::size).sum();
        for (Attachment file : files) {
            if (all <= MOST) {
                return;
            }
            all -= size(file);
            file.setSize(size(file)).setData(null);
            file.setTitle(Optional.ofNullable(file.getTitle())
                            .map(title -> title + " ")
                            .orElse("")
                    + LEFT_OUT);
        }
    }

    private static int size(Attachment file) {
        return file.getData().length;
    }
}
