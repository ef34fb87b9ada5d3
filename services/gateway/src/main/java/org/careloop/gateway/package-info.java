/**
 * The only door of the platform. A request is checked for its token, gets its correlation id, and is streamed to the
 * service that owns the type; nothing is parsed, unless the client speaks XML or the answer lies in several services.
 *
 * <p>Starting points: {@link org.careloop.gateway.api.FhirDoor} (the routes), {@link org.careloop.gateway.app.Origins} (which
 * service owns what).
 *
 * <p>Does not belong here: rules of any type, stored state.
 */
@NullMarked
package org.careloop.gateway;

import org.jspecify.annotations.NullMarked;
