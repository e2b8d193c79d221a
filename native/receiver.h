/* Batched receive: up to RECEIVER_BATCH datagrams a call into buffers made once, each with its sender's address, its
 * control messages and when the kernel received it. */
#ifndef HOLDFAST_RECEIVER_H
#define HOLDFAST_RECEIVER_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* Bounds what one wake-up delivers, so that a flood of datagrams cannot keep the event loop from its timers. */
enum { RECEIVER_BATCH = 16, RECEIVER_CONTROL_BYTES = 256, RECEIVER_ARGUMENTS = 3 };

typedef struct {
  size_t datagram_bytes; /* longer datagrams are cut and reported as truncated */
  unsigned char *payloads;
  struct mmsghdr headers[RECEIVER_BATCH];
  struct iovec vectors[RECEIVER_BATCH];
  struct sockaddr_storage senders[RECEIVER_BATCH];
  _Alignas(struct cmsghdr) unsigned char controls[RECEIVER_BATCH][RECEIVER_CONTROL_BYTES];
  /* Both clocks at the last receive: what turns the kernel's CLOCK_REALTIME stamps into CLOCK_MONOTONIC. */
  double realtime_ms;
  double monotonic_ms;
} receiver;

/* NULL when there is no memory. */
receiver *receiver_create(size_t datagram_bytes);
void receiver_destroy(receiver *self);

/* The number of datagrams read without blocking, or -1 with errno. */
int receiver_read(receiver *self, int fd);

/* What JavaScript is told of the `count` datagrams that were read last: one piece of memory, their number, and the control
 * messages that are left to it, by datagram, as [level, type, data] (or undefined, where there are none at all). The memory
 * begins with the facts of each datagram, numbers in the order of `enum fact`; -1 says that there is none. */
void receiver_describe(receiver *self, int count, napi_env env, napi_value arguments[RECEIVER_ARGUMENTS]);

#endif
