/* A datagram socket of any family, type and protocol, in the shape of node:dgram. It knows no protocol: addresses and
 * control messages are bytes that JavaScript composes. */
#ifndef HOLDFAST_DATAGRAM_SOCKET_H
#define HOLDFAST_DATAGRAM_SOCKET_H

#include <node_api.h>

napi_value define_datagram_socket(napi_env env);

#endif
