package org.careloop.calleraccess;

import java.security.Principal;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;

/**
 * An access token that was verified.
 *
 * @param raw as it came
 * @param claims what it says
 * @param endSeconds when it ends, in seconds since 1970
 */
public record AccessToken(String raw, JwtClaims claims, long endSeconds) implements Principal {

    /** Returns the value of a claim, whatever its type, as text. */
    public Optional<String> claim(String name) {
        return Optional.ofNullable(claims.getClaimValue(name)).map(Object::toString);
    }

    /** The client, never a person's name. */
    @Override
    public String getName() {
        return claim("azp").orElse("unknown");
    }

    /** Without the token, which would open what it opens to whoever reads it. */
    @Override
    public String toString() {
        return "AccessToken of " + getName();
    }
}
