#include "ready-set.h"

#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "errors.h"
#include "values.h"

/* More than are told at once come with the next call: the kernel goes round. */
enum { MOST_TOLD = 1024 };

/* The wrapped pointer is the epoll descriptor plus one, so that it is never NULL. */
static void on_collected(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  close((int)((intptr_t)data - 1));
}

static napi_value throw_failure(napi_env env, const char *syscall) {
  return throw_system_error(env, (system_failure){errno, syscall, "watch several sockets", NULL});
}

/* new ReadySet() */
static napi_value construct(napi_env env, napi_callback_info info) {
  napi_value object;
  int fd;
  if (napi_get_cb_info(env, info, NULL, NULL, &object, NULL) != napi_ok) return NULL;
  fd = epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) return throw_failure(env, "epoll_create1");
  if (napi_wrap(env, object, (void *)((intptr_t)fd + 1), on_collected, NULL, NULL) == napi_ok) return object;
  close(fd);
  return NULL;
}

/* -1 after throwing. */
static int descriptor_of(napi_env env, napi_callback_info info, size_t count, napi_value *arguments) {
  napi_value object;
  void *data;
  if (napi_get_cb_info(env, info, &count, arguments, &object, NULL) != napi_ok) return -1;
  if (napi_unwrap(env, object, &data) == napi_ok) return (int)((intptr_t)data - 1);
  napi_throw_type_error(env, "ERR_INVALID_THIS", "it was never opened");
  return -1;
}

/* add(descriptor, key): it leaves the set when it is closed. */
static napi_value add(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  int fd = descriptor_of(env, info, COUNT_OF(arguments), arguments);
  int descriptor, key;
  if (fd < 0 || !read_int(env, arguments[0], "descriptor", &descriptor) || !read_int(env, arguments[1], "key", &key)) {
    return NULL;
  }
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)key};
  return epoll_ctl(fd, EPOLL_CTL_ADD, descriptor, &event) == 0 ? NULL : throw_failure(env, "epoll_ctl");
}

/* readable(): number[], the keys. */
static napi_value readable(napi_env env, napi_callback_info info) {
  struct epoll_event events[MOST_TOLD];
  napi_value keys = NULL;
  int count;
  int fd = descriptor_of(env, info, 0, NULL);
  if (fd < 0) return NULL;
  do {
    count = epoll_wait(fd, events, MOST_TOLD, 0);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return throw_failure(env, "epoll_wait");
  napi_create_array(env, &keys);
  for (int index = 0; index < count; index++) {
    napi_value key;
    napi_create_int32(env, (int32_t)events[index].data.u32, &key);
    napi_set_element(env, keys, (uint32_t)index, key);
  }
  return keys;
}

napi_value define_ready_set(napi_env env) {
  napi_value class = NULL;
  const napi_property_descriptor properties[] = {METHOD("add", add), METHOD("readable", readable)};
  napi_define_class(env, "ReadySet", NAPI_AUTO_LENGTH, construct, NULL, COUNT_OF(properties), properties, &class);
  return class;
}
