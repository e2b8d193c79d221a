/* What a process may ask of the scheduler and the memory manager and Node.js has no call for:
 *
 *   setRealtime(priority)                  SCHED_RR for the calling thread; 0 is SCHED_OTHER again
 *   setRealtimeLimit(softUs, hardUs)       RLIMIT_RTTIME; Infinity is no limit
 *   lockMemory(locked)                     mlockall of what there is and will be, as it is first touched; or munlockall
 *   getAffinity(threadId): Buffer          the kernel's mask of processors
 *   setAffinity(threadId, mask)
 *
 * Each throws what the kernel refuses. They concern the process, not the environment that calls them. */
#ifndef HOLDFAST_PROCESS_TUNING_H
#define HOLDFAST_PROCESS_TUNING_H

#include <node_api.h>

void define_process_tuning(napi_env env, napi_value exports);

#endif
