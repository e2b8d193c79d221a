#include "deadline-timer.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "clock.h"
#include "errors.h"
#include "values.h"
#include "watcher.h"

enum { ON_DUE, ON_APPROACH };

/* The least distance of deadlines, in leads, that is still worth waiting out. */
static const double MIN_SPACING_LEADS = 20;
static const double MAX_LEAD_MS = 5;
static const double MAX_TIME_MS = 1e15;
static const double NEVER_MS = -1;

typedef struct {
  watcher watcher;
  double lead_ms;
  double due_at_ms; /* NEVER_MS: not armed */
  double last_due_at_ms;
} deadline_timer;

static void destroy(watcher *base) { free(base); }

static struct timespec timespec_of(double ms) {
  double seconds = floor(ms / 1e3);
  long nanoseconds = (long)ceil((ms - seconds * 1e3) * 1e6);
  if (nanoseconds < 1) nanoseconds = 1; /* a zero time would disarm */
  if (nanoseconds > 999999999) nanoseconds = 999999999;
  return (struct timespec){(time_t)seconds, nanoseconds};
}

/* 0, or -1 with errno. */
static int arm(deadline_timer *self) {
  struct itimerspec setting = {0};
  if (self->due_at_ms != NEVER_MS) {
    bool frequent = self->due_at_ms - self->last_due_at_ms < MIN_SPACING_LEADS * self->lead_ms;
    double wake_at_ms = self->due_at_ms - (frequent ? 0 : self->lead_ms);
    setting.it_value = timespec_of(wake_at_ms < 0 ? 0 : wake_at_ms);
  }
  return timerfd_settime(self->watcher.fd, TFD_TIMER_ABSTIME, &setting, NULL);
}

static void on_ready(watcher *base, bool failed) {
  deadline_timer *self = (deadline_timer *)base;
  uint64_t expirations;
  double due_at_ms;
  (void)failed; /* a timerfd has no errors to take */
  if (read(base->fd, &expirations, sizeof(expirations)) < 0 || self->due_at_ms == NEVER_MS) return;
  if (self->due_at_ms - monotonic_ms() > self->lead_ms) {
    arm(self);
    return;
  }
  due_at_ms = self->due_at_ms;
  /* What runs here is in the processor's caches when the deadline comes; nothing else comes between the two calls. */
  if (monotonic_ms() < due_at_ms) watcher_call(base, ON_APPROACH, 0, NULL);
  if (!watcher_is_open(base) || self->due_at_ms != due_at_ms) return; /* the callback thought otherwise */
  while ((self->last_due_at_ms = monotonic_ms()) < due_at_ms) continue;
  self->due_at_ms = NEVER_MS;
  watcher_call(base, ON_DUE, 0, NULL);
}

static napi_value open_timer(napi_env env, napi_value object, napi_value *arguments) {
  deadline_timer *self;
  double lead_ms;
  if (!read_double(env, arguments[0], "leadMs", &lead_ms)) return NULL;
  if (!(lead_ms >= 0 && lead_ms <= MAX_LEAD_MS)) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "leadMs must be from 0 to 5");
    return NULL;
  }
  self = calloc(1, sizeof(*self));
  if (self == NULL) return throw_system_error(env, (system_failure){ENOMEM, "timerfd_create", "open timer", NULL});
  *self = (deadline_timer){.lead_ms = lead_ms, .due_at_ms = NEVER_MS, .last_due_at_ms = -MAX_TIME_MS};
  self->watcher.ready = on_ready;
  self->watcher.destroy = destroy;
  self->watcher.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (self->watcher.fd < 0) {
    int error = errno;
    destroy(&self->watcher);
    return throw_system_error(env, (system_failure){error, "timerfd_create", "open timer", NULL});
  }
  /* Nothing of this thread is to be put off for the sake of batching wake-ups. A refusal only costs punctuality. */
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  read_function(env, arguments[1], "onDue", &self->watcher.callbacks[ON_DUE]);
  if (!is_type(env, arguments[2], napi_undefined)) {
    read_function(env, arguments[2], "onApproach", &self->watcher.callbacks[ON_APPROACH]);
  }
  return watcher_open(env, object, &self->watcher) ? object : NULL;
}

/* new DeadlineTimer(leadMs, onDue, onApproach?) */
static napi_value construct(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3];
  napi_value object;
  if (napi_get_cb_info(env, info, &count, arguments, &object, NULL) != napi_ok) return NULL;
  return open_timer(env, object, arguments);
}

static napi_value change(napi_env env, deadline_timer *self, double due_at_ms) {
  if (self->due_at_ms == due_at_ms) return NULL;
  self->due_at_ms = due_at_ms;
  if (arm(self) == 0) return NULL;
  return throw_system_error(env, (system_failure){errno, "timerfd_settime", "set timer", NULL});
}

/* set(atMs): calls onDue once, at that time or, when it is past, in the loop's next turn. Replaces an earlier deadline. */
static napi_value set(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value arguments[1];
  double at_ms;
  watcher *self = watcher_of(env, info, &count, arguments);
  if (self == NULL || !read_double(env, arguments[0], "atMs", &at_ms)) return NULL;
  if (!(at_ms >= 0 && at_ms <= MAX_TIME_MS)) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "atMs must be a time on the monotonic clock");
    return NULL;
  }
  return change(env, (deadline_timer *)self, at_ms);
}

static napi_value clear(napi_env env, napi_callback_info info) {
  size_t count = 0;
  watcher *self = watcher_of(env, info, &count, NULL);
  return self == NULL ? NULL : change(env, (deadline_timer *)self, NEVER_MS);
}

napi_value define_deadline_timer(napi_env env) {
  napi_value class = NULL;
  const napi_property_descriptor properties[] = {
      METHOD("set", set),
      METHOD("clear", clear),
      METHOD("close", watcher_method_close),
      METHOD("ref", watcher_method_ref),
      METHOD("unref", watcher_method_unref),
  };
  napi_define_class(env, "DeadlineTimer", NAPI_AUTO_LENGTH, construct, NULL, COUNT_OF(properties), properties, &class);
  return class;
}
