/**
 * What the kernel's work for each request costs. No test: it is built with the rest, so that it stays true, and run by hand.
 *
 * <p>Starting points: {@link org.careloop.benchmarks.WriteBenchmark}; how to run is in docs/development/performance.md.
 */
@NullMarked
package org.careloop.benchmarks;

import org.jspecify.annotations.NullMarked;
