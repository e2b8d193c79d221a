/* Connects stream sockets of any family, without a JavaScript object and a loop handle for each: one epoll set holds all
 * that are connecting. Socket options are set before connecting, which Node.js has no way to do. It knows no protocol:
 * addresses and options are bytes and numbers that JavaScript composes.
 *
 *   new StreamConnector(onDone(descriptor, error?))
 *   connect(family, options: [level, name, value, doing?][], local | undefined, remote): descriptor
 *   closeDescriptor(descriptor, reset)         told of or not; `reset` discards what is queued and sends a RST
 *   close(), ref(), unref()                    of the connector. The descriptors are the caller's: those told of, and those not
 */
#ifndef HOLDFAST_STREAM_CONNECTOR_H
#define HOLDFAST_STREAM_CONNECTOR_H

#include <node_api.h>

napi_value define_stream_connector(napi_env env);

#endif
