/**
 * The discharge story, played against a running platform from outside: over MLLP, HTTP and FHIR REST, with real tokens. The
 * demo plays it, and so does the end-to-end test.
 *
 * <p>Starting points: {@link org.careloop.local.story.DischargeStory}, {@link org.careloop.local.story.StoryPlatform}.
 *
 * <p>Does not belong here: anything that knows how the platform works inside.
 */
@NullMarked
package org.careloop.local.story;

import org.jspecify.annotations.NullMarked;
