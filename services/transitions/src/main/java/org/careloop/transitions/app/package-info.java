/**
 * The use cases: receive a message, let it take effect, open and follow a transition. One class is one use case.
 *
 * <p>Starting points: {@link org.careloop.transitions.app.ReceiveMessage}, {@link
 * org.careloop.transitions.app.ProcessMessage}.
 */
@NullMarked
package org.careloop.transitions.app;

import org.jspecify.annotations.NullMarked;
