/* A failed system call as a JavaScript Error in the manner of Node.js: `code` ("EPERM"), `errno` (negative) and `syscall`,
 * with a message that says what was being done: "bind to device eth9: ENODEV no such device". */
#ifndef HOLDFAST_ERRORS_H
#define HOLDFAST_ERRORS_H

#include <node_api.h>

typedef struct {
  int error;           /* errno, positive */
  const char *syscall; /* "setsockopt" */
  const char *doing;   /* "bind to device eth9" */
  const char *hint;    /* what would help, or NULL: "needs CAP_NET_RAW" */
} system_failure;

/* NULL when the error could not be made (out of memory, the environment is ending). */
napi_value make_system_error(napi_env env, system_failure failure);

/* Throws and returns NULL, so that a native function can `return throw_system_error(...)`. */
napi_value throw_system_error(napi_env env, system_failure failure);

#endif
