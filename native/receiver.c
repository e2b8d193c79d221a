#include "receiver.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "values.h"

/* No datagram waits longer than this before we read it. A greater age, or one below zero, means that somebody set the
 * clock between the kernel's stamp and ours. */
static const double MAX_AGE_MS = 1000;

enum { PAYLOAD, SENDER, RECEIVED_AT_MS, TRUNCATED, HOP_LIMIT, DESTINATION, INTERFACE_INDEX, CONTROL };

receiver *receiver_create(size_t datagram_bytes) {
  receiver *self = calloc(1, sizeof(receiver));
  if (self == NULL) return NULL;
  self->datagram_bytes = datagram_bytes;
  /* Pages that no datagram reaches are never touched, and so cost no memory. */
  self->payloads = malloc(datagram_bytes * RECEIVER_BATCH);
  if (self->payloads != NULL) return self;
  free(self);
  return NULL;
}

void receiver_destroy(receiver *self) {
  if (self == NULL) return;
  free(self->payloads);
  free(self);
}

static void prepare(receiver *self) {
  for (int index = 0; index < RECEIVER_BATCH; index++) {
    self->vectors[index] = (struct iovec){self->payloads + (size_t)index * self->datagram_bytes, self->datagram_bytes};
    self->headers[index].msg_hdr = (struct msghdr){
        .msg_name = &self->senders[index],
        .msg_namelen = sizeof(self->senders[index]),
        .msg_iov = &self->vectors[index],
        .msg_iovlen = 1,
        .msg_control = self->controls[index],
        .msg_controllen = RECEIVER_CONTROL_BYTES,
    };
  }
}

int receiver_read(receiver *self, int fd) {
  int count;
  prepare(self);
  do {
    count = recvmmsg(fd, self->headers, RECEIVER_BATCH, MSG_DONTWAIT, NULL);
  } while (count < 0 && errno == EINTR);
  if (count > 0) {
    self->realtime_ms = clock_ms(CLOCK_REALTIME);
    self->monotonic_ms = monotonic_ms();
  }
  return count;
}

static double received_at_ms(const receiver *self, struct timespec stamp) {
  double age_ms = self->realtime_ms - timespec_ms(stamp);
  if (age_ms < 0) age_ms = 0;
  if (age_ms > MAX_AGE_MS) age_ms = MAX_AGE_MS;
  return self->monotonic_ms - age_ms;
}

/* Copies a control message's data; false when it is not of the size it should have. */
static bool copy_data(const struct cmsghdr *control, void *target, size_t size) {
  if (control->cmsg_len < CMSG_LEN(size)) return false;
  memcpy(target, CMSG_DATA(control), size);
  return true;
}

static bool is_control(const struct cmsghdr *control, int level, int type) {
  return control->cmsg_level == level && control->cmsg_type == type;
}

static bool describe_stamp(receiver *self, const struct cmsghdr *control, napi_env env, napi_value *arguments) {
  struct timespec stamp;
  if (!is_control(control, SOL_SOCKET, SCM_TIMESTAMPNS) || !copy_data(control, &stamp, sizeof(stamp))) return false;
  return napi_create_double(env, received_at_ms(self, stamp), &arguments[RECEIVED_AT_MS]) == napi_ok;
}

static bool describe_hop_limit(const struct cmsghdr *control, napi_env env, napi_value *arguments) {
  int hops;
  if (!is_control(control, IPPROTO_IP, IP_TTL) && !is_control(control, IPPROTO_IPV6, IPV6_HOPLIMIT)) return false;
  return copy_data(control, &hops, sizeof(hops)) && napi_create_int32(env, hops, &arguments[HOP_LIMIT]) == napi_ok;
}

static bool describe_packet_info(const struct cmsghdr *control, napi_env env, napi_value *arguments) {
  struct in_pktinfo info4;
  struct in6_pktinfo info6;
  if (is_control(control, IPPROTO_IP, IP_PKTINFO) && copy_data(control, &info4, sizeof(info4))) {
    arguments[DESTINATION] = make_bytes(env, &info4.ipi_addr, sizeof(info4.ipi_addr));
    return napi_create_int32(env, info4.ipi_ifindex, &arguments[INTERFACE_INDEX]) == napi_ok;
  }
  if (is_control(control, IPPROTO_IPV6, IPV6_PKTINFO) && copy_data(control, &info6, sizeof(info6))) {
    arguments[DESTINATION] = make_bytes(env, &info6.ipi6_addr, sizeof(info6.ipi6_addr));
    return napi_create_uint32(env, info6.ipi6_ifindex, &arguments[INTERFACE_INDEX]) == napi_ok;
  }
  return false;
}

/* Appends [level, type, data] to the list of the messages that nobody above decoded. */
static void describe_other(const struct cmsghdr *control, napi_env env, napi_value *arguments) {
  napi_value entry;
  napi_value number;
  uint32_t length = 0;
  if (is_type(env, arguments[CONTROL], napi_undefined)) napi_create_array(env, &arguments[CONTROL]);
  napi_create_array_with_length(env, 3, &entry);
  napi_create_int32(env, control->cmsg_level, &number);
  napi_set_element(env, entry, 0, number);
  napi_create_int32(env, control->cmsg_type, &number);
  napi_set_element(env, entry, 1, number);
  napi_set_element(env, entry, 2, make_bytes(env, CMSG_DATA(control), control->cmsg_len - CMSG_LEN(0)));
  napi_get_array_length(env, arguments[CONTROL], &length);
  napi_set_element(env, arguments[CONTROL], length, entry);
}

void receiver_describe(receiver *self, int index, napi_env env, napi_value arguments[RECEIVER_ARGUMENTS]) {
  struct msghdr *header = &self->headers[index].msg_hdr;
  napi_value undefined = make_undefined(env);
  for (int position = 0; position < RECEIVER_ARGUMENTS; position++) arguments[position] = undefined;

  arguments[PAYLOAD] = make_bytes(env, self->vectors[index].iov_base, self->headers[index].msg_len);
  arguments[SENDER] = make_bytes(env, header->msg_name, header->msg_namelen);
  napi_create_double(env, self->monotonic_ms, &arguments[RECEIVED_AT_MS]);
  napi_get_boolean(env, (header->msg_flags & MSG_TRUNC) != 0, &arguments[TRUNCATED]);
  for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control != NULL; control = CMSG_NXTHDR(header, control)) {
    if (!describe_stamp(self, control, env, arguments) && !describe_hop_limit(control, env, arguments) &&
        !describe_packet_info(control, env, arguments)) {
      describe_other(control, env, arguments);
    }
  }
}
