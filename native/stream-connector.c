#include "stream-connector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "errors.h"
#include "values.h"
#include "watcher.h"

enum { ON_DONE };
/* Those beyond come with the next turn of the loop. */
enum { MOST_TOLD = 64, FEWEST_SERIALS = 64, DOING_BYTES = 128 };

/* `watcher.fd` is the epoll set, which can be read when one of its sockets is connected or has failed. */
typedef struct {
  watcher watcher;
  uint32_t last_serial;
  /* By descriptor: the serial of the connection that is waited for, or 0. A callback may close sockets that are further down
   * in the list of those to tell, and open others that get their numbers. */
  uint32_t *serials;
  size_t serial_count;
} stream_connector;

static void destroy(watcher *base) {
  free(((stream_connector *)base)->serials);
  free(base);
}

static bool has_room_for(stream_connector *self, size_t descriptor) {
  size_t count = self->serial_count > 0 ? self->serial_count : FEWEST_SERIALS;
  uint32_t *serials;
  if (descriptor < self->serial_count) return true;
  while (count <= descriptor) count *= 2;
  serials = realloc(self->serials, count * sizeof(*serials));
  if (serials == NULL) return false;
  memset(serials + self->serial_count, 0, (count - self->serial_count) * sizeof(*serials));
  self->serials = serials;
  self->serial_count = count;
  return true;
}

/* Whoever closes it or takes it over is told of it no more. Its place in the epoll set goes when it is closed. */
static void forget(stream_connector *self, int descriptor) {
  if (descriptor >= 0 && (size_t)descriptor < self->serial_count) self->serials[descriptor] = 0;
}

static void tell(watcher *base, int descriptor, bool failed) {
  napi_env env = base->env;
  napi_value arguments[2];
  napi_handle_scope scope;
  int error = 0;
  socklen_t size = sizeof(error);
  if (failed && getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  napi_create_int32(env, descriptor, &arguments[0]);
  arguments[1] = error == 0 ? make_undefined(env) : make_system_error(env, (system_failure){error, "connect", "connect", NULL});
  if (arguments[1] != NULL) watcher_call(base, ON_DONE, COUNT_OF(arguments), arguments);
  napi_close_handle_scope(env, scope);
}

static void on_ready(watcher *base, bool failed) {
  stream_connector *self = (stream_connector *)base;
  struct epoll_event events[MOST_TOLD];
  int count = epoll_wait(base->fd, events, MOST_TOLD, 0);
  (void)failed;
  for (int index = 0; index < count && watcher_is_open(base); index++) {
    uint32_t serial = (uint32_t)(events[index].data.u64 >> 32);
    uint32_t descriptor = (uint32_t)events[index].data.u64;
    if (self->serials[descriptor] != serial) continue;
    self->serials[descriptor] = 0;
    tell(base, (int)descriptor, (events[index].events & (EPOLLERR | EPOLLHUP)) != 0);
  }
}

/* new StreamConnector(onDone) */
static napi_value construct(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value callback, object;
  stream_connector *self;
  if (napi_get_cb_info(env, info, &count, &callback, &object, NULL) != napi_ok) return NULL;
  self = calloc(1, sizeof(*self));
  if (self == NULL) return throw_system_error(env, (system_failure){ENOMEM, "malloc", "open a connector", NULL});
  self->watcher.ready = on_ready;
  self->watcher.destroy = destroy;
  self->watcher.fd = epoll_create1(EPOLL_CLOEXEC);
  if (self->watcher.fd < 0) {
    int error = errno;
    free(self);
    return throw_system_error(env, (system_failure){error, "epoll_create1", "open a connector", NULL});
  }
  /* From here on watcher_open answers for the descriptor, also when the argument turns out wrong. */
  read_function(env, callback, "onDone", &self->watcher.callbacks[ON_DONE]);
  return watcher_open(env, object, &self->watcher) ? object : NULL;
}

static bool throw_failure(napi_env env, const char *syscall, const char *doing) {
  throw_system_error(env, (system_failure){errno, syscall, doing, NULL});
  return false;
}

/* [level, name, value: number | Uint8Array, doing?] */
static bool set_option(napi_env env, int fd, napi_value entry) {
  napi_value fields[4];
  int level, name, number;
  byte_span value = {(const uint8_t *)&number, sizeof(number)};
  char doing[DOING_BYTES] = "set socket option";
  for (uint32_t index = 0; index < COUNT_OF(fields); index++) {
    if (napi_get_element(env, entry, index, &fields[index]) != napi_ok) return false;
  }
  if (!read_int(env, fields[0], "level", &level) || !read_int(env, fields[1], "name", &name) ||
      !(is_type(env, fields[2], napi_number) ? read_int(env, fields[2], "value", &number)
                                             : read_bytes(env, fields[2], "value", &value)) ||
      !read_optional_text(env, fields[3], doing, sizeof(doing))) {
    return false;
  }
  return setsockopt(fd, level, name, value.data, (socklen_t)value.length) == 0 || throw_failure(env, "setsockopt", doing);
}

static bool set_options(napi_env env, int fd, napi_value list) {
  uint32_t count = 0;
  if (napi_get_array_length(env, list, &count) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "options must be an array");
    return false;
  }
  for (uint32_t index = 0; index < count; index++) {
    napi_value entry;
    if (napi_get_element(env, list, index, &entry) != napi_ok || !set_option(env, fd, entry)) return false;
  }
  return true;
}

static bool begin(napi_env env, int fd, const napi_value *arguments) {
  byte_span local, remote;
  if (!set_options(env, fd, arguments[1]) || !read_optional_bytes(env, arguments[2], "local", &local) ||
      !read_bytes(env, arguments[3], "remote", &remote)) {
    return false;
  }
  if (local.data != NULL && bind(fd, (const struct sockaddr *)local.data, (socklen_t)local.length) != 0) {
    return throw_failure(env, "bind", "bind");
  }
  return connect(fd, (const struct sockaddr *)remote.data, (socklen_t)remote.length) == 0 || errno == EINPROGRESS ||
         throw_failure(env, "connect", "connect");
}

static bool await(napi_env env, stream_connector *self, int fd) {
  struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT};
  if (!has_room_for(self, (size_t)fd)) {
    throw_system_error(env, (system_failure){ENOMEM, "malloc", "watch a socket", NULL});
    return false;
  }
  if (++self->last_serial == 0) self->last_serial = 1;
  event.data.u64 = (uint64_t)self->last_serial << 32 | (uint32_t)fd;
  if (epoll_ctl(self->watcher.fd, EPOLL_CTL_ADD, fd, &event) != 0) return throw_failure(env, "epoll_ctl", "watch a socket");
  self->serials[fd] = self->last_serial;
  return true;
}

/* connect(family, options, local, remote): the descriptor; nothing is left open when it throws. */
static napi_value connect_stream(napi_env env, napi_callback_info info) {
  size_t count = 4;
  napi_value arguments[4];
  napi_value descriptor = NULL;
  int family, fd;
  watcher *self = watcher_of(env, info, &count, arguments);
  if (self == NULL || !read_int(env, arguments[0], "family", &family)) return NULL;
  fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    throw_failure(env, "socket", "open a stream socket");
    return NULL;
  }
  if (begin(env, fd, arguments) && await(env, (stream_connector *)self, fd) &&
      napi_create_int32(env, fd, &descriptor) == napi_ok) {
    return descriptor;
  }
  close(fd);
  return NULL;
}

static napi_value close_descriptor(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  int descriptor;
  bool reset = false;
  watcher *self = watcher_of(env, info, &count, arguments);
  if (self == NULL || !read_int(env, arguments[0], "descriptor", &descriptor)) return NULL;
  forget((stream_connector *)self, descriptor);
  napi_get_value_bool(env, arguments[1], &reset);
  if (reset) {
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  }
  close(descriptor);
  return NULL;
}

napi_value define_stream_connector(napi_env env) {
  napi_value class = NULL;
  const napi_property_descriptor properties[] = {
      METHOD("connect", connect_stream),
      METHOD("closeDescriptor", close_descriptor),
      METHOD("close", watcher_method_close),
      METHOD("ref", watcher_method_ref),
      METHOD("unref", watcher_method_unref),
  };
  napi_define_class(env, "StreamConnector", NAPI_AUTO_LENGTH, construct, NULL, COUNT_OF(properties), properties, &class);
  return class;
}
