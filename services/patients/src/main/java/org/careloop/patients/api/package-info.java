/** Operations over HTTP; each asks for access and hands on. */
@NullMarked
package org.careloop.patients.api;

import org.jspecify.annotations.NullMarked;
