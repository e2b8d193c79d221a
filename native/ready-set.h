/* Which of many sockets have something to read, for one system call in place of one each. It is asked, and never calls. */
#ifndef HOLDFAST_READY_SET_H
#define HOLDFAST_READY_SET_H

#include <node_api.h>

napi_value define_ready_set(napi_env env);

#endif
