package org.careloop.fhirrest;

/** An operation of one type beside those that all types have; the capability statement lists each bean of this kind. */
public interface OwnOperation {

    /** The type in whose name it is called. */
    String type();

    /** The name without its dollar. */
    String name();

    /** The URL of its OperationDefinition. */
    String definition();
}
