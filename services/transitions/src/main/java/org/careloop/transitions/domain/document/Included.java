package org.careloop.transitions.domain.document;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.careloop.transitions.domain.document.TransitionDocument.Known;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Resource;

/** What is in a document beside its Composition: subject, stay and custodian, all entries, and whatever of the record these refer to. */
final class Included {

    private static final String ORGANIZATION_IDS = "https://careloop.org/fhir/sid/organization";

    private Included() {}

    /**
     * Returns copies, by {@code Type/id}.
     *
     * @param shown what of the record may be shown
     */
    static Map<String, Resource> of(
            Known known, Encounter stay, Map<String, Resource> shown, List<SectionContent> sections) {
        Map<String, Resource> available = new LinkedHashMap<>(shown);
        String subject = TransitionDocument.referenceTo(known.patient());
        String custodian = "Organization/" + known.stay().custodian();
        available.put(subject, known.patient());
        available.putIfAbsent(custodian, unlisted(known.stay().custodian()));
        Deque<String> open = new ArrayDeque<>(List.of(subject, TransitionDocument.referenceTo(stay), custodian));
        sections.forEach(
                section -> section.entries().forEach(entry -> open.add(TransitionDocument.referenceTo(entry))));
        Map<String, Resource> included = new LinkedHashMap<>();
        while (!open.isEmpty()) {
            String next = open.removeFirst();
            Resource resource = available.get(next);
            if (resource != null && included.putIfAbsent(next, bare(resource)) == null) {
                References.of(resource).forEach(open::add);
            }
        }
        Attachments.fit(included.values());
        return included;
    }

    /** One that the directory does not know. */
    private static Organization unlisted(String id) {
        Organization organization = new Organization();
        organization.setId(id);
        organization.addIdentifier().setSystem(ORGANIZATION_IDS).setValue(id);
        return organization;
    }

    /** A copy without version and time of storage, which would make every document another. */
    private static Resource bare(Resource resource) {
        Resource copy = resource.copy();
        copy.setId(resource.getIdElement().getIdPart());
        Meta meta = new Meta();
        meta.setProfile(resource.getMeta().copy().getProfile());
        resource.getMeta().getSecurity().forEach(label -> meta.addSecurity(label.copy()));
        resource.getMeta().getTag().forEach(tag -> meta.addTag(tag.copy()));
        copy.setMeta(meta.isEmpty() ? null : meta);
        return copy;
    }
}
