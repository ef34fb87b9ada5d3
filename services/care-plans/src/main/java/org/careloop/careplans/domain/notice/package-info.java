/**
 * Notices of stays and of documents: who is told what, each once, what is taken back, and what a receipt is. Pure.
 *
 * <p>Starting points: {@link org.careloop.careplans.domain.notice.NoticeCourse}, {@link
 * org.careloop.careplans.domain.notice.Receipt}.
 *
 * <p>Does not belong here: how what is known got here.
 */
@NullMarked
package org.careloop.careplans.domain.notice;

import org.jspecify.annotations.NullMarked;
