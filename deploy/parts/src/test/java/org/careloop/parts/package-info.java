@NullMarked
package org.careloop.parts;

import org.jspecify.annotations.NullMarked;
