/* The addon's face: { DatagramSocket, DeadlineTimer, ReadySet, StreamConnector, monotonicMs, and what process-tuning.h lists }. It may be
 * loaded in several environments (workers); no state outlives or is shared between them. */
#include <node_api.h>

#include "clock.h"
#include "datagram-socket.h"
#include "deadline-timer.h"
#include "process-tuning.h"
#include "ready-set.h"
#include "stream-connector.h"

static napi_value monotonic_now(napi_env env, napi_callback_info info) {
  napi_value now = NULL;
  (void)info;
  napi_create_double(env, monotonic_ms(), &now);
  return now;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_set_named_property(env, exports, "DatagramSocket", define_datagram_socket(env));
  napi_set_named_property(env, exports, "DeadlineTimer", define_deadline_timer(env));
  napi_set_named_property(env, exports, "ReadySet", define_ready_set(env));
  napi_set_named_property(env, exports, "StreamConnector", define_stream_connector(env));
  if (napi_create_function(env, "monotonicMs", NAPI_AUTO_LENGTH, monotonic_now, NULL, &function) == napi_ok) {
    napi_set_named_property(env, exports, "monotonicMs", function);
  }
  define_process_tuning(env, exports);
  return exports;
}
