/**
 * What tests of every module share: real parts, tokens, architecture rules.
 *
 * <p>Starting points: {@link org.careloop.testkit.RealParts} (PostgreSQL and Kafka for a {@code @QuarkusTest}), {@link
 * org.careloop.testkit.Tokens} (access tokens), {@link org.careloop.testkit.ServiceShapeRules} (the shape of a service).
 *
 * <p>Does not belong here: anything that main code needs.
 */
@NullMarked
package org.careloop.testkit;

import org.jspecify.annotations.NullMarked;
