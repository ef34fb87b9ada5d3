package org.careloop.fhirrest;

import java.util.List;
import org.careloop.fhirstore.SearchPage;
import org.careloop.fhirstore.StoredResource;

/**
 * Tells one page of a search from another by what is on it: which versions, in which order, of how many, and whether more follow. Who
 * polls sends it back and gets no page while nothing changed.
 */
final class PageTag {

    private PageTag() {}

    /** Returns the entity tag, without its quotes. */
    static String of(SearchPage page) {
        long hash = mixed(page.total().orElse(-1), page.next().isPresent() ? 1 : 0);
        hash = mixed(hash, versions(page.matches()));
        return Long.toHexString(mixed(hash, versions(page.included())));
    }

    private static long versions(List<StoredResource> resources) {
        long hash = resources.size();
        for (StoredResource resource : resources) {
            hash = mixed(mixed(hash, resource.row()), resource.version());
        }
        return hash;
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014): each bit of the input moves half of the output's. */
    private static long mixed(long hash, long value) {
        long mix = hash * 0x9e3779b97f4a7c15L + value;
        mix = (mix ^ mix >>> 30) * 0xbf58476d1ce4e5b9L;
        mix = (mix ^ mix >>> 27) * 0x94d049bb133111ebL;
        return mix ^ mix >>> 31;
    }
}
