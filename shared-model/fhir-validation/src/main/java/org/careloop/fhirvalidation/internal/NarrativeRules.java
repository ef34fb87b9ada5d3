package org.careloop.fhirvalidation.internal;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;

/**
 * What a narrative may hold, so that it can be shown: formatting, links and images, nothing that acts (txt-1, txt-2).
 *
 * @see <a href="https://hl7.org/fhir/R4/narrative.html">FHIR R4 narrative</a>
 */
final class NarrativeRules {

    private static final Set<String> ELEMENTS = Set.of(
            ("a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd del dfn div dl dt em h1 h2"
                            + " h3 h4 h5 h6 hr i img ins kbd li map ol p pre q samp small span strong sub sup table tbody td"
                            + " tfoot th thead tr tt u ul var")
                    .split(" "));

    private static final Set<String> ATTRIBUTES = Set.of(
            ("abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing char charoff charset cite"
                            + " class color cols colspan compact coords dir face frame headers height href hreflang id"
                            + " lang longdesc name nohref noshade nowrap rel rev rows rowspan rules scope shape size span"
                            + " src start style summary tabindex target title type usemap valign value width xml:lang xml:space"
                            + " xmlns")
                    .split(" "));

    private static final Set<String> ACTIVE_SCHEMES = Set.of("javascript", "vbscript", "data", "file");
    private static final Set<String> ACTIVE_STYLES =
            Set.of("expression(", "javascript:", "vbscript:", "behavior:", "-moz-binding", "@import");

    private NarrativeRules() {}

    /** Returns what is wrong with {@code div}. */
    static Optional<String> fault(XhtmlNode div) {
        if (!isSafe(div)) {
            return Optional.of("breaks txt-1 (expected: basic HTML formatting, links and images, no active content)");
        }
        return holdsSomething(div) ? Optional.empty() : Optional.of("breaks txt-2 (expected: text or an image)");
    }

    private static boolean isSafe(XhtmlNode node) {
        NodeType type = node.getNodeType();
        if (type == NodeType.Text) {
            return true;
        }
        if (type == NodeType.Comment) {
            // What is a comment to XML may be markup to a browser.
            String comment = node.getContent() == null ? "" : compact(node.getContent());
            return !comment.startsWith(">") && !comment.startsWith("->");
        }
        if (type != NodeType.Element && type != NodeType.Document) {
            return false;
        }
        if (node.getName() != null && !ELEMENTS.contains(node.getName())) {
            return false;
        }
        for (Map.Entry<String, String> attribute : node.getAttributes().entrySet()) {
            if (!isSafe(node.getName(), attribute.getKey(), attribute.getValue())) {
                return false;
            }
        }
        for (XhtmlNode child : node.getChildNodes()) {
            if (!isSafe(child)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSafe(String element, String attribute, String value) {
        if (!ATTRIBUTES.contains(attribute) && !attribute.startsWith("xmlns:")) {
            return false;
        }
        return switch (attribute) {
            case "href", "src", "cite", "longdesc", "usemap" -> isSafeLink(element, value);
            case "style" -> {
                String style = compact(value);
                yield ACTIVE_STYLES.stream().noneMatch(style::contains);
            }
            default -> true;
        };
    }

    private static boolean isSafeLink(String element, String value) {
        String link = compact(value);
        int colon = link.indexOf(':');
        return colon < 0
                || !ACTIVE_SCHEMES.contains(link.substring(0, colon))
                || "img".equals(element) && link.startsWith("data:image/") && !link.startsWith("data:image/svg");
    }

    /** Browsers skip blanks and control characters in schemes, so they must not hide one. */
    private static String compact(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > ' ') {
                text.append(value.charAt(i));
            }
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean holdsSomething(XhtmlNode node) {
        if (node.getNodeType() == NodeType.Text) {
            return node.getContent() != null && !node.getContent().isBlank();
        }
        return "img".equals(node.getName()) || node.getChildNodes().stream().anyMatch(NarrativeRules::holdsSomething);
    }
}
