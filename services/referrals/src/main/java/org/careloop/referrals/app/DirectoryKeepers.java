package org.careloop.referrals.app;

import static org.careloop.referrals.ReferralsLog.LOG;

import jakarta.inject.Singleton;
import java.util.Set;
import org.careloop.calleraccess.Caller;
import org.careloop.calleraccess.Role;
import org.careloop.referrals.ReferralsConfig;

/** Who says which practitioner works for whom: the platform, and coordinators of the organisations that the site has named. */
@Singleton
class DirectoryKeepers {

    private final Set<String> organizations;

    DirectoryKeepers(ReferralsConfig config) {
        this.organizations = Set.copyOf(config.directoryKeepers().orElse(Set.of()));
        if (organizations.isEmpty()) {
            LOG.directoryWithoutKeeper();
        }
    }

    boolean include(Caller caller) {
        return caller.isPlatform()
                || caller.role() == Role.COORDINATOR
                        && caller.organization().filter(organizations::contains).isPresent();
    }
}
