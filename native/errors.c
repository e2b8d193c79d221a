#include "errors.h"

#include <stdio.h>
#include <uv.h>

static void set_property(napi_env env, napi_value object, const char *name, napi_value value) {
  if (value != NULL) napi_set_named_property(env, object, name, value);
}

static napi_value make_string(napi_env env, const char *text) {
  napi_value value = NULL;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
}

napi_value make_system_error(napi_env env, system_failure failure) {
  char code[32];
  char description[128];
  char message[512];
  napi_value error = NULL;
  napi_value number = NULL;

  uv_err_name_r(-failure.error, code, sizeof(code));
  uv_strerror_r(-failure.error, description, sizeof(description));
  snprintf(message, sizeof(message), "%s: %s %s%s%s", failure.doing, code, description, failure.hint ? ", " : "",
           failure.hint ? failure.hint : "");
  if (napi_create_error(env, make_string(env, code), make_string(env, message), &error) != napi_ok) return NULL;
  napi_create_int32(env, -failure.error, &number);
  set_property(env, error, "errno", number);
  set_property(env, error, "syscall", make_string(env, failure.syscall));
  return error;
}

napi_value throw_system_error(napi_env env, system_failure failure) {
  napi_value error = make_system_error(env, failure);
  if (error != NULL) napi_throw(env, error);
  return NULL;
}
