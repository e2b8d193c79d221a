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

enum { BATCH, COUNT, CONTROL };

/* Of one datagram. PAYLOAD_AT is where its bytes begin in the batch: the payload, then the sender's address, then the
 * destination's. src/kernel/datagram-socket.ts reads them. */
enum fact { PAYLOAD_AT, PAYLOAD_BYTES, SENDER_BYTES, DESTINATION_BYTES, RECEIVED_AT_MS, TRUNCATED, HOP_LIMIT, INTERFACE_INDEX, FACTS };

enum { MAX_DESTINATION_BYTES = 16 };

/* One datagram while it is described. */
typedef struct {
  double *facts;
  unsigned char destination[MAX_DESTINATION_BYTES];
} description;

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

static bool describe_stamp(receiver *self, const struct cmsghdr *control, description *described) {
  struct timespec stamp;
  if (!is_control(control, SOL_SOCKET, SCM_TIMESTAMPNS) || !copy_data(control, &stamp, sizeof(stamp))) return false;
  described->facts[RECEIVED_AT_MS] = received_at_ms(self, stamp);
  return true;
}

static bool describe_hop_limit(const struct cmsghdr *control, description *described) {
  int hops;
  if (!is_control(control, IPPROTO_IP, IP_TTL) && !is_control(control, IPPROTO_IPV6, IPV6_HOPLIMIT)) return false;
  if (!copy_data(control, &hops, sizeof(hops))) return false;
  described->facts[HOP_LIMIT] = hops;
  return true;
}

static bool describe_packet_info(const struct cmsghdr *control, description *described) {
  struct in_pktinfo info4;
  struct in6_pktinfo info6;
  if (is_control(control, IPPROTO_IP, IP_PKTINFO) && copy_data(control, &info4, sizeof(info4))) {
    memcpy(described->destination, &info4.ipi_addr, sizeof(info4.ipi_addr));
    described->facts[DESTINATION_BYTES] = sizeof(info4.ipi_addr);
    described->facts[INTERFACE_INDEX] = info4.ipi_ifindex;
    return true;
  }
  if (is_control(control, IPPROTO_IPV6, IPV6_PKTINFO) && copy_data(control, &info6, sizeof(info6))) {
    memcpy(described->destination, &info6.ipi6_addr, sizeof(info6.ipi6_addr));
    described->facts[DESTINATION_BYTES] = sizeof(info6.ipi6_addr);
    described->facts[INTERFACE_INDEX] = info6.ipi6_ifindex;
    return true;
  }
  return false;
}

/* Appends [level, type, data] to the list of the messages of datagram `index` that nobody above decoded. */
static void describe_other(const struct cmsghdr *control, int index, napi_env env, napi_value *lists) {
  napi_value list;
  napi_value entry;
  napi_value number;
  uint32_t length = 0;
  if (is_type(env, *lists, napi_undefined)) napi_create_array(env, lists);
  napi_get_element(env, *lists, (uint32_t)index, &list);
  if (is_type(env, list, napi_undefined)) {
    napi_create_array(env, &list);
    napi_set_element(env, *lists, (uint32_t)index, list);
  }
  napi_create_array_with_length(env, 3, &entry);
  napi_create_int32(env, control->cmsg_level, &number);
  napi_set_element(env, entry, 0, number);
  napi_create_int32(env, control->cmsg_type, &number);
  napi_set_element(env, entry, 1, number);
  napi_set_element(env, entry, 2, make_bytes(env, CMSG_DATA(control), control->cmsg_len - CMSG_LEN(0)));
  napi_get_array_length(env, list, &length);
  napi_set_element(env, list, length, entry);
}

static size_t batch_bytes(const receiver *self, int count) {
  size_t sum = (size_t)count * FACTS * sizeof(double);
  for (int index = 0; index < count; index++) {
    sum += self->headers[index].msg_len + self->headers[index].msg_hdr.msg_namelen + MAX_DESTINATION_BYTES;
  }
  return sum;
}

/* Of datagrams whose control messages are few, as they nearly always are, all is told without making anything but the batch. */
static void describe_control(receiver *self, int index, description *described, napi_env env, napi_value *lists) {
  struct msghdr *header = &self->headers[index].msg_hdr;
  for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control != NULL; control = CMSG_NXTHDR(header, control)) {
    if (!describe_stamp(self, control, described) && !describe_hop_limit(control, described) &&
        !describe_packet_info(control, described)) {
      describe_other(control, index, env, lists);
    }
  }
}

static size_t append(unsigned char *batch, size_t used, const void *bytes, size_t length) {
  memcpy(batch + used, bytes, length);
  return used + length;
}

void receiver_describe(receiver *self, int count, napi_env env, napi_value arguments[RECEIVER_ARGUMENTS]) {
  unsigned char *batch = NULL;
  size_t used = (size_t)count * FACTS * sizeof(double);
  napi_create_int32(env, count, &arguments[COUNT]);
  arguments[CONTROL] = make_undefined(env);
  if (napi_create_arraybuffer(env, batch_bytes(self, count), (void **)&batch, &arguments[BATCH]) != napi_ok) return;
  for (int index = 0; index < count; index++) {
    struct msghdr *header = &self->headers[index].msg_hdr;
    description described = {.facts = (double *)batch + (size_t)index * FACTS};
    double *facts = described.facts;
    facts[PAYLOAD_AT] = (double)used;
    facts[PAYLOAD_BYTES] = self->headers[index].msg_len;
    facts[SENDER_BYTES] = header->msg_namelen;
    facts[DESTINATION_BYTES] = 0;
    facts[RECEIVED_AT_MS] = self->monotonic_ms;
    facts[TRUNCATED] = (header->msg_flags & MSG_TRUNC) != 0;
    facts[HOP_LIMIT] = facts[INTERFACE_INDEX] = -1;
    describe_control(self, index, &described, env, &arguments[CONTROL]);
    used = append(batch, used, self->vectors[index].iov_base, self->headers[index].msg_len);
    used = append(batch, used, header->msg_name, header->msg_namelen);
    used = append(batch, used, described.destination, (size_t)facts[DESTINATION_BYTES]);
  }
}
