/* CLOCK_MONOTONIC in the two forms needed here. Both derive from one reading, so that "not before the deadline", decided
 * in C, still holds when JavaScript compares the same numbers. */
#ifndef HOLDFAST_CLOCK_H
#define HOLDFAST_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline double timespec_ms(struct timespec time) {
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static inline double clock_ms(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return timespec_ms(now);
}

static inline double monotonic_ms(void) { return clock_ms(CLOCK_MONOTONIC); }

#endif
