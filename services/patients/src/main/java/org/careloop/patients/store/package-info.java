/** What the service keeps of identities beside the resources. */
@NullMarked
package org.careloop.patients.store;

import org.jspecify.annotations.NullMarked;
