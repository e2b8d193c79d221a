#include "datagram-socket.h"

#include <errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "errors.h"
#include "receiver.h"
#include "values.h"
#include "watcher.h"

enum { ON_MESSAGES, ON_ERROR };
enum { DOING_BYTES = 256, MAX_OPTION_BYTES = 4096, MAX_DATAGRAM_BYTES = 1 << 20, MAX_ERROR_QUEUE = 64, MAX_CONTROL_BYTES = 256 };

typedef struct {
  watcher watcher;
  receiver *receiver;
  bool delivering; /* JavaScript has not seen all of a batch yet */
} datagram_socket;

static void destroy(watcher *base) {
  datagram_socket *self = (datagram_socket *)base;
  receiver_destroy(self->receiver);
  free(self);
}

static void report_error(datagram_socket *self, int error, const char *syscall) {
  napi_value value = make_system_error(self->watcher.env, (system_failure){error, syscall, "receive", NULL});
  if (value != NULL) watcher_call(&self->watcher, ON_ERROR, 1, &value);
}

static void deliver(datagram_socket *self, int count) {
  napi_env env = self->watcher.env;
  napi_value arguments[RECEIVER_ARGUMENTS];
  napi_handle_scope scope;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  receiver_describe(self->receiver, count, env, arguments);
  watcher_call(&self->watcher, ON_MESSAGES, RECEIVER_ARGUMENTS, arguments);
  napi_close_handle_scope(env, scope);
}

/* One batch, and how many there were, delivered by one call: a call for each costs more than all that the kernel does. */
static int receive_batch(datagram_socket *self) {
  int count;
  if (self->delivering) return 0; /* asked for from within the callback: what comes next is not to overtake this batch */
  count = receiver_read(self->receiver, self->watcher.fd);
  if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK) report_error(self, errno, "recvmmsg");
  if (count <= 0) return 0;
  self->delivering = true;
  deliver(self, count);
  self->delivering = false;
  return count;
}

/* Takes a pending error off the socket (such as ENETDOWN, when an interface goes down); it stays usable. */
static void take_error(datagram_socket *self) {
  int error = 0;
  socklen_t size = sizeof(error);
  char discarded[1];
  getsockopt(self->watcher.fd, SOL_SOCKET, SO_ERROR, &error, &size);
  /* Copies of our own datagrams that came back with an error. Nobody here asks for them, but they keep the error up. */
  for (int index = 0; index < MAX_ERROR_QUEUE; index++) {
    if (recv(self->watcher.fd, discarded, sizeof(discarded), MSG_ERRQUEUE | MSG_DONTWAIT) < 0) break;
  }
  if (error != 0) report_error(self, error, "recvmmsg");
}

static void on_ready(watcher *base, bool failed) {
  datagram_socket *self = (datagram_socket *)base;
  if (failed) take_error(self);
  if (watcher_is_open(base)) receive_batch(self);
}

static napi_value refuse_open(napi_env env, int error, int family, int type, int protocol) {
  char doing[DOING_BYTES];
  bool denied = error == EPERM || error == EACCES;
  snprintf(doing, sizeof(doing), "open %ssocket (family %d, protocol %d)", type == SOCK_RAW ? "raw " : "", family,
           protocol);
  return throw_system_error(env, (system_failure){error, "socket", doing, denied ? "needs CAP_NET_RAW" : NULL});
}

static napi_value open_socket(napi_env env, napi_value object, napi_value *arguments) {
  int family, type, protocol, datagram_bytes;
  datagram_socket *self;
  if (!read_int(env, arguments[0], "family", &family) || !read_int(env, arguments[1], "type", &type) ||
      !read_int(env, arguments[2], "protocol", &protocol) ||
      !read_int(env, arguments[3], "maxDatagramBytes", &datagram_bytes)) {
    return NULL;
  }
  if (datagram_bytes < 1 || datagram_bytes > MAX_DATAGRAM_BYTES) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "maxDatagramBytes must be from 1 to 1048576");
    return NULL;
  }
  self = calloc(1, sizeof(*self));
  if (self == NULL || (self->receiver = receiver_create((size_t)datagram_bytes)) == NULL) {
    free(self);
    return refuse_open(env, ENOMEM, family, type, protocol);
  }
  self->watcher.ready = on_ready;
  self->watcher.destroy = destroy;
  self->watcher.fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
  if (self->watcher.fd < 0) {
    int error = errno;
    destroy(&self->watcher);
    return refuse_open(env, error, family, type, protocol);
  }
  /* From here on watcher_open answers for the descriptor, also when an argument turns out wrong. */
  read_function(env, arguments[4], "onMessages", &self->watcher.callbacks[ON_MESSAGES]);
  read_function(env, arguments[5], "onError", &self->watcher.callbacks[ON_ERROR]);
  return watcher_open(env, object, &self->watcher) ? object : NULL;
}

/* new DatagramSocket(family, type, protocol, maxDatagramBytes, onMessages, onError) */
static napi_value construct(napi_env env, napi_callback_info info) {
  size_t count = 6;
  napi_value arguments[6];
  napi_value object;
  if (napi_get_cb_info(env, info, &count, arguments, &object, NULL) != napi_ok) return NULL;
  return open_socket(env, object, arguments);
}

static napi_value throw_failure(napi_env env, const char *syscall, const char *doing) {
  return throw_system_error(env, (system_failure){errno, syscall, doing, NULL});
}

/* setOption(level, name, value: number | Uint8Array, doing?) */
static napi_value set_option(napi_env env, napi_callback_info info) {
  size_t count = 4;
  napi_value arguments[4];
  int level, name, number;
  byte_span value = {(const uint8_t *)&number, sizeof(number)};
  char doing[DOING_BYTES];
  watcher *self = watcher_of(env, info, &count, arguments);
  if (self == NULL || !read_int(env, arguments[0], "level", &level) || !read_int(env, arguments[1], "name", &name)) {
    return NULL;
  }
  snprintf(doing, sizeof(doing), "set socket option (level %d, name %d)", level, name);
  if (!(is_type(env, arguments[2], napi_number) ? read_int(env, arguments[2], "value", &number)
                                                : read_bytes(env, arguments[2], "value", &value)) ||
      !read_optional_text(env, arguments[3], doing, sizeof(doing))) {
    return NULL;
  }
  if (setsockopt(self->fd, level, name, value.data, (socklen_t)value.length) == 0) return NULL;
  return throw_failure(env, "setsockopt", doing);
}

/* getOption(level, name, maxBytes): Buffer */
static napi_value get_option(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3];
  int level, name, max_bytes;
  uint8_t value[MAX_OPTION_BYTES];
  char doing[DOING_BYTES];
  socklen_t length;
  watcher *self = watcher_of(env, info, &count, arguments);
  if (self == NULL || !read_int(env, arguments[0], "level", &level) || !read_int(env, arguments[1], "name", &name) ||
      !read_int(env, arguments[2], "maxBytes", &max_bytes)) {
    return NULL;
  }
  length = max_bytes < 0 || max_bytes > MAX_OPTION_BYTES ? MAX_OPTION_BYTES : (socklen_t)max_bytes;
  snprintf(doing, sizeof(doing), "get socket option (level %d, name %d)", level, name);
  if (getsockopt(self->fd, level, name, value, &length) == 0) return make_bytes(env, value, length);
  return throw_failure(env, "getsockopt", doing);
}

typedef int (*address_call)(int fd, const struct sockaddr *address, socklen_t length);

/* bind(address, doing?) and connect(address, doing?) */
static napi_value use_address(napi_env env, napi_callback_info info, address_call call, const char *name) {
  size_t count = 2;
  napi_value arguments[2];
  byte_span address;
  char doing[DOING_BYTES];
  watcher *self = watcher_of(env, info, &count, arguments);
  snprintf(doing, sizeof(doing), "%s socket", name);
  if (self == NULL || !read_bytes(env, arguments[0], "address", &address) ||
      !read_optional_text(env, arguments[1], doing, sizeof(doing))) {
    return NULL;
  }
  if (call(self->fd, (const struct sockaddr *)address.data, (socklen_t)address.length) == 0) return NULL;
  return throw_failure(env, name, doing);
}

static napi_value bind_socket(napi_env env, napi_callback_info info) { return use_address(env, info, bind, "bind"); }

static napi_value connect_socket(napi_env env, napi_callback_info info) {
  return use_address(env, info, connect, "connect");
}

static napi_value local_address(napi_env env, napi_callback_info info) {
  size_t count = 0;
  struct sockaddr_storage address;
  socklen_t length = sizeof(address);
  watcher *self = watcher_of(env, info, &count, NULL);
  if (self == NULL) return NULL;
  if (getsockname(self->fd, (struct sockaddr *)&address, &length) == 0) return make_bytes(env, &address, length);
  return throw_failure(env, "getsockname", "read the socket's own address");
}

/* Appends the control message [level, type, data] to what is in `buffer`. */
static bool add_control(napi_env env, napi_value entry, unsigned char *buffer, size_t *used) {
  napi_value fields[3];
  int level, type;
  byte_span data;
  for (uint32_t index = 0; index < COUNT_OF(fields); index++) {
    if (napi_get_element(env, entry, index, &fields[index]) != napi_ok) return false;
  }
  if (!read_int(env, fields[0], "level", &level) || !read_int(env, fields[1], "type", &type) ||
      !read_bytes(env, fields[2], "data", &data)) {
    return false;
  }
  if (data.length > MAX_CONTROL_BYTES || CMSG_SPACE(data.length) > MAX_CONTROL_BYTES - *used) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "the control messages are too long");
    return false;
  }
  struct cmsghdr *control = (struct cmsghdr *)(buffer + *used);
  *control = (struct cmsghdr){.cmsg_len = CMSG_LEN(data.length), .cmsg_level = level, .cmsg_type = type};
  memcpy(CMSG_DATA(control), data.data, data.length);
  *used += CMSG_SPACE(data.length);
  return true;
}

/* An array of [level, type, data], or undefined. */
static bool read_control(napi_env env, napi_value list, unsigned char *buffer, size_t *used) {
  uint32_t count = 0;
  *used = 0;
  if (is_type(env, list, napi_undefined)) return true;
  if (napi_get_array_length(env, list, &count) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "control must be an array");
    return false;
  }
  for (uint32_t index = 0; index < count; index++) {
    napi_value entry;
    if (napi_get_element(env, list, index, &entry) != napi_ok || !add_control(env, entry, buffer, used)) return false;
  }
  return true;
}

/* send(payload, address?, control?, doing?): at once or not at all. A full buffer is an EAGAIN that the caller sees. */
static napi_value send_datagram(napi_env env, napi_callback_info info) {
  size_t count = 4;
  napi_value arguments[4];
  byte_span payload, address;
  _Alignas(struct cmsghdr) unsigned char control[MAX_CONTROL_BYTES] = {0};
  size_t control_length;
  char doing[DOING_BYTES] = "send";
  ssize_t sent;
  watcher *self = watcher_of(env, info, &count, arguments);
  if (self == NULL || !read_bytes(env, arguments[0], "payload", &payload) ||
      !read_optional_bytes(env, arguments[1], "address", &address) ||
      !read_control(env, arguments[2], control, &control_length) ||
      !read_optional_text(env, arguments[3], doing, sizeof(doing))) {
    return NULL;
  }
  struct iovec vector = {(void *)payload.data, payload.length};
  struct msghdr header = {
      .msg_name = (void *)address.data,
      .msg_namelen = (socklen_t)address.length,
      .msg_iov = &vector,
      .msg_iovlen = 1,
      .msg_control = control_length > 0 ? control : NULL,
      .msg_controllen = control_length,
  };
  do {
    sent = sendmsg(self->fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent >= 0 ? NULL : throw_failure(env, "sendmsg", doing);
}

/* receivePending(): number. Delivers up to a batch of what already lies in the kernel's queue, without waiting for the
 * loop, and says how many that were. */
static napi_value receive_pending(napi_env env, napi_callback_info info) {
  size_t count = 0;
  napi_value received = NULL;
  watcher *self = watcher_of(env, info, &count, NULL);
  if (self != NULL) napi_create_int32(env, receive_batch((datagram_socket *)self), &received);
  return received;
}

/* attachFilter(program: Uint8Array of struct sock_filter, doing?): replaces an earlier one at once. */
static napi_value attach_filter(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  byte_span program;
  char doing[DOING_BYTES] = "attach a packet filter";
  watcher *self = watcher_of(env, info, &count, arguments);
  if (self == NULL || !read_bytes(env, arguments[0], "program", &program) ||
      !read_optional_text(env, arguments[1], doing, sizeof(doing))) {
    return NULL;
  }
  if (program.length == 0 || program.length % sizeof(struct sock_filter) != 0 ||
      program.length / sizeof(struct sock_filter) > BPF_MAXINSNS) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "a filter has 1 to 4096 instructions of 8 bytes");
    return NULL;
  }
  /* The kernel copies the program. */
  struct sock_fprog filter = {(unsigned short)(program.length / sizeof(struct sock_filter)),
                              (struct sock_filter *)program.data};
  if (setsockopt(self->fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) == 0) return NULL;
  return throw_failure(env, "setsockopt", doing);
}

/* pause() and resume(): what arrives in between waits in the kernel's queue, or is dropped there when that is full. */
static napi_value pause_socket(napi_env env, napi_callback_info info) {
  size_t count = 0;
  watcher *self = watcher_of(env, info, &count, NULL);
  if (self != NULL) watcher_pause(self);
  return NULL;
}

static napi_value resume_socket(napi_env env, napi_callback_info info) {
  size_t count = 0;
  watcher *self = watcher_of(env, info, &count, NULL);
  if (self != NULL) watcher_resume(self);
  return NULL;
}

/* descriptor(): number, for a ReadySet. Valid until close. */
static napi_value descriptor_of(napi_env env, napi_callback_info info) {
  size_t count = 0;
  napi_value number = NULL;
  watcher *self = watcher_of(env, info, &count, NULL);
  if (self != NULL) napi_create_int32(env, self->fd, &number);
  return number;
}

napi_value define_datagram_socket(napi_env env) {
  napi_value class = NULL;
  const napi_property_descriptor properties[] = {
      METHOD("setOption", set_option),
      METHOD("getOption", get_option),
      METHOD("bind", bind_socket),
      METHOD("connect", connect_socket),
      METHOD("localAddress", local_address),
      METHOD("send", send_datagram),
      METHOD("receivePending", receive_pending),
      METHOD("descriptor", descriptor_of),
      METHOD("attachFilter", attach_filter),
      METHOD("pause", pause_socket),
      METHOD("resume", resume_socket),
      METHOD("close", watcher_method_close),
      METHOD("ref", watcher_method_ref),
      METHOD("unref", watcher_method_unref),
  };
  napi_define_class(env, "DatagramSocket", NAPI_AUTO_LENGTH, construct, NULL, COUNT_OF(properties), properties,
                    &class);
  return class;
}
