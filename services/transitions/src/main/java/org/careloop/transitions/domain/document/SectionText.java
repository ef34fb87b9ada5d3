package org.careloop.transitions.domain.document;

import java.util.List;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Narrative.NarrativeStatus;

/** Text that a person reads, made from what is known: escaped, because what is known was written by others. */
final class SectionText {

    private static final String START = "<div xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">";
    private static final String END = "</div>";

    private SectionText() {}

    static Narrative sentence(String text) {
        return narrative("<p>" + escape(text) + "</p>");
    }

    /** @param more how many there are that are not listed */
    static Narrative list(List<String> lines, int more) {
        String items =
                lines.stream().map(line -> "<li>" + escape(line) + "</li>").collect(Collectors.joining());
        String rest = more == 0
                ? ""
                : "<p>The newest " + lines.size() + "; the record holds " + more
                        + " more that are not listed here.</p>";
        return narrative("<ul>" + items + "</ul>" + rest);
    }

    private static Narrative narrative(String content) {
        Narrative narrative = new Narrative().setStatus(NarrativeStatus.GENERATED);
        narrative.setDivAsString(START + content + END);
        return narrative;
    }

    /** Without what XML does not know at all. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            switch (point) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\t', '\n', '\r' -> escaped.append(' ');
                default -> {
                    if (point >= 0x20 && !(point >= 0xD800 && point <= 0xDFFF) && point != 0xFFFE && point != 0xFFFF) {
                        escaped.appendCodePoint(point);
                    }
                }
            }
        });
        return escaped.toString();
    }
}
