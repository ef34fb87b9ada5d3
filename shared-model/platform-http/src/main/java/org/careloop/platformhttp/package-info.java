/**
 * How parts of the platform reach each other: in plain on one machine, with TLS and a certificate of their own in the profile
 * {@code tls}, whose settings are in {@code microprofile-config.properties} of this module, and of fhir-rest for what services have besides.
 *
 * <p>Starting points: {@link org.careloop.platformhttp.PlatformHttp}, and {@code PlainConnections}, which refuses to start when
 * something would be sent in plain in that profile.
 *
 * <p>Does not belong here: who may ask (caller-access), what is asked.
 */
@NullMarked
package org.careloop.platformhttp;

import org.jspecify.annotations.NullMarked;
