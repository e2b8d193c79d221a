#include "values.h"

#include <stdio.h>
#include <string.h>

static bool refuse(napi_env env, const char *name, const char *wanted) {
  char message[128];
  bool pending = true;
  napi_is_exception_pending(env, &pending);
  if (pending) return false;
  snprintf(message, sizeof(message), "%s must be %s", name, wanted);
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", message);
  return false;
}

bool is_type(napi_env env, napi_value value, napi_valuetype type) {
  napi_valuetype actual;
  return napi_typeof(env, value, &actual) == napi_ok && actual == type;
}

bool read_int(napi_env env, napi_value value, const char *name, int *result) {
  int32_t number;
  if (napi_get_value_int32(env, value, &number) != napi_ok) return refuse(env, name, "a number");
  *result = number;
  return true;
}

bool read_double(napi_env env, napi_value value, const char *name, double *result) {
  if (napi_get_value_double(env, value, result) != napi_ok) return refuse(env, name, "a number");
  return true;
}

bool read_function(napi_env env, napi_value value, const char *name, napi_ref *result) {
  if (!is_type(env, value, napi_function)) return refuse(env, name, "a function");
  return napi_create_reference(env, value, 1, result) == napi_ok;
}

bool read_bytes(napi_env env, napi_value value, const char *name, byte_span *result) {
  bool typed = false;
  napi_typedarray_type type;
  void *data = NULL;
  size_t length = 0;
  if (napi_is_typedarray(env, value, &typed) != napi_ok || !typed ||
      napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok || type != napi_uint8_array) {
    return refuse(env, name, "a Uint8Array");
  }
  /* An empty array has no memory; an empty datagram is still something to send. */
  *result = (byte_span){length > 0 ? data : (const uint8_t *)"", length};
  return true;
}

bool read_optional_bytes(napi_env env, napi_value value, const char *name, byte_span *result) {
  *result = (byte_span){NULL, 0};
  return is_type(env, value, napi_undefined) || read_bytes(env, value, name, result);
}

bool read_optional_text(napi_env env, napi_value value, char *result, size_t size) {
  if (is_type(env, value, napi_undefined)) return true;
  if (napi_get_value_string_utf8(env, value, result, size, NULL) != napi_ok) return refuse(env, "doing", "a string");
  return true;
}

napi_value make_bytes(napi_env env, const void *data, size_t length) {
  napi_value bytes = NULL;
  napi_create_buffer_copy(env, length, data, NULL, &bytes);
  return bytes;
}

napi_value make_undefined(napi_env env) {
  napi_value undefined = NULL;
  napi_get_undefined(env, &undefined);
  return undefined;
}
