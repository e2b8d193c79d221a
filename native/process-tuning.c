#include "process-tuning.h"

#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "errors.h"
#include "values.h"

/* Masks are passed as they are: enough for 8192 processors. */
enum { MASK_BYTES = 1024 };

static napi_value refused(napi_env env, const char *syscall, const char *doing) {
  return throw_system_error(env, (system_failure){errno, syscall, doing, NULL});
}

static bool arguments_of(napi_env env, napi_callback_info info, size_t count, napi_value *arguments) {
  return napi_get_cb_info(env, info, &count, arguments, NULL, NULL) == napi_ok;
}

static napi_value set_realtime(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  int priority;
  if (!arguments_of(env, info, 1, arguments) || !read_int(env, arguments[0], "priority", &priority)) return NULL;
  /* What this thread starts must not inherit a priority above everything else of the machine. */
  struct sched_param parameters = {.sched_priority = priority};
  int policy = priority == 0 ? SCHED_OTHER : SCHED_RR | SCHED_RESET_ON_FORK;
  if (sched_setscheduler(0, policy, &parameters) == 0) return NULL;
  return refused(env, "sched_setscheduler", "set realtime priority");
}

static rlim_t limit_of(double us) { return isinf(us) ? RLIM_INFINITY : (rlim_t)us; }

static napi_value set_realtime_limit(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  double soft_us, hard_us;
  if (!arguments_of(env, info, 2, arguments) || !read_double(env, arguments[0], "softUs", &soft_us) ||
      !read_double(env, arguments[1], "hardUs", &hard_us)) {
    return NULL;
  }
  if (!(soft_us >= 1 && hard_us >= soft_us)) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "softUs must be at least 1, and hardUs at least softUs");
    return NULL;
  }
  struct rlimit limit = {limit_of(soft_us), limit_of(hard_us)};
  if (setrlimit(RLIMIT_RTTIME, &limit) == 0) return NULL;
  return refused(env, "setrlimit", "limit realtime processor time");
}

/* Without it V8 would end the process as soon as it gives a page back. */
static bool keeps_locked_pages(void) { return dlsym(RTLD_DEFAULT, "holdfast_keeps_locked_pages") != NULL; }

static napi_value lock_memory(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  bool locked;
  if (!arguments_of(env, info, 1, arguments)) return NULL;
  if (napi_get_value_bool(env, arguments[0], &locked) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "locked must be a boolean");
    return NULL;
  }
  if (locked && !keeps_locked_pages()) {
    napi_throw_error(env, "ERR_LOCKED_MEMORY", "locked-memory.so was not loaded before it");
    return NULL;
  }
  /* V8 reserves gigabytes that it never touches: MCL_ONFAULT leaves them unpopulated. */
  if ((locked ? mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) : munlockall()) == 0) return NULL;
  return refused(env, locked ? "mlockall" : "munlockall", "lock memory");
}

static napi_value get_affinity(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  int thread_id;
  unsigned char mask[MASK_BYTES];
  if (!arguments_of(env, info, 1, arguments) || !read_int(env, arguments[0], "threadId", &thread_id)) return NULL;
  /* The system call itself: glibc hides how much of the mask the kernel has. */
  long size = syscall(SYS_sched_getaffinity, thread_id, sizeof(mask), mask);
  if (size >= 0) return make_bytes(env, mask, (size_t)size);
  return refused(env, "sched_getaffinity", "read processor affinity");
}

static napi_value set_affinity(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int thread_id;
  byte_span mask;
  if (!arguments_of(env, info, 2, arguments) || !read_int(env, arguments[0], "threadId", &thread_id) ||
      !read_bytes(env, arguments[1], "mask", &mask)) {
    return NULL;
  }
  if (syscall(SYS_sched_setaffinity, thread_id, mask.length, mask.data) == 0) return NULL;
  return refused(env, "sched_setaffinity", "set processor affinity");
}

void define_process_tuning(napi_env env, napi_value exports) {
  const napi_property_descriptor functions[] = {
      METHOD("setRealtime", set_realtime),   METHOD("setRealtimeLimit", set_realtime_limit),
      METHOD("lockMemory", lock_memory),     METHOD("getAffinity", get_affinity),
      METHOD("setAffinity", set_affinity),
  };
  napi_define_properties(env, exports, COUNT_OF(functions), functions);
}
