package org.careloop.audittrail;

/**
 * The end of the chain at some time: told outside the database, it convicts who writes the chain anew or cuts it off.
 *
 * @param number of the last link
 * @param digest of that link, in hexadecimal digits
 */
public record AuditHead(long number, String digest) {}
