/* A timer for one absolute deadline on CLOCK_MONOTONIC that calls JavaScript at the deadline rather than after it.
 *
 * A timerfd alone is late by what it takes to wake a sleeping process. So it is armed `leadMs` early, and the rest is
 * waited out by reading the clock. That costs lead x rate of one processor (0.5 ms once a second: 0.05 %), never more than
 * a twentieth: deadlines that follow each other closer than 20 x lead are left to the timerfd alone. */
#ifndef HOLDFAST_DEADLINE_TIMER_H
#define HOLDFAST_DEADLINE_TIMER_H

#include <node_api.h>

napi_value define_deadline_timer(napi_env env);

#endif
