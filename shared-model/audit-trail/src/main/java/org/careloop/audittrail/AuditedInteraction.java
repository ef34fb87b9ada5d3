package org.careloop.audittrail;

import java.util.List;
import java.util.Optional;

/**
 * What a request asks for, as its method and path tell, whether or not it is answered.
 *
 * @param code FHIR's code of the interaction, else {@code operation}
 * @param type the resource type that the path names
 * @param id the id, or the operation, that the path names
 * @see <a href="https://hl7.org/fhir/R4/valueset-type-restful-interaction.html">FHIR R4 type-restful-interaction</a>
 */
public record AuditedInteraction(String code, Optional<String> type, Optional<String> id) {

    private static final String OPERATION = "operation";

    /** Reads {@code path}, what follows the host; never fails, for also nonsense is recorded when it is refused. */
    public static AuditedInteraction of(String method, String path) {
        List<String> parts = List.of(path.replaceFirst("^/+", "").split("/+", 6));
        List<String> rest = parts.subList(1, parts.size());
        return switch (parts.getFirst()) {
            case "fhir" -> fhir(method, rest.equals(List.of("")) ? List.of() : rest);
            case "federation" -> federation(rest);
            default -> new AuditedInteraction(OPERATION, Optional.empty(), Optional.of(path));
        };
    }

    private static AuditedInteraction federation(List<String> parts) {
        return switch (parts.isEmpty() ? "" : parts.getFirst()) {
            case "search", "audit-events" -> of("search-type");
            case "history" -> of("history-type");
            case "transactions" -> of("transaction");
            default -> of(OPERATION);
        };
    }

    private static AuditedInteraction fhir(String method, List<String> parts) {
        boolean reads = method.equals("GET") || method.equals("HEAD");
        if (parts.isEmpty()) {
            return of(reads ? "search-system" : "transaction");
        }
        if (parts.getFirst().equals("_history")) {
            return of("history-system");
        }
        Optional<String> type = Optional.of(parts.getFirst());
        Optional<String> id = parts.size() > 1 ? Optional.of(parts.get(1)) : Optional.empty();
        Optional<String> operation = parts.stream()
                .filter(part -> part.startsWith("$") || part.startsWith("%24"))
                .findFirst();
        if (operation.isPresent()) {
            return new AuditedInteraction(
                    OPERATION, type, id.equals(operation) ? id : id.map(named -> named + "/" + operation.get()));
        }
        return id.isEmpty() || id.get().startsWith("_")
                ? new AuditedInteraction(ofType(method, reads, id), type, Optional.empty())
                : new AuditedInteraction(ofInstance(method, reads, parts), type, id);
    }

    private static String ofType(String method, boolean reads, Optional<String> underscored) {
        if (underscored.equals(Optional.of("_history"))) {
            return "history-type";
        }
        return reads || underscored.isPresent() ? "search-type" : write(method);
    }

    private static String ofInstance(String method, boolean reads, List<String> parts) {
        if (!reads) {
            return write(method);
        }
        if (parts.size() == 2) {
            return "read";
        }
        if (!parts.get(2).equals("_history")) {
            return "search-type";
        }
        return parts.size() > 3 ? "vread" : "history-instance";
    }

    private static String write(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> OPERATION;
        };
    }

    private static AuditedInteraction of(String code) {
        return new AuditedInteraction(code, Optional.empty(), Optional.empty());
    }
}
