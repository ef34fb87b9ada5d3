@NullMarked
package org.careloop.local;

import org.jspecify.annotations.NullMarked;
