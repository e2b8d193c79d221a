/* Reading arguments and making values. Every reader answers false after throwing a TypeError, so that callers chain them
 * with && and return. */
#ifndef HOLDFAST_VALUES_H
#define HOLDFAST_VALUES_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A method of a class. */
#define METHOD(name, function) {name, NULL, function, NULL, NULL, NULL, napi_default_method, NULL}
#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

typedef struct {
  const uint8_t *data; /* owned by JavaScript: valid until control returns to it */
  size_t length;
} byte_span;

bool read_int(napi_env env, napi_value value, const char *name, int *result);
bool read_double(napi_env env, napi_value value, const char *name, double *result);
bool read_function(napi_env env, napi_value value, const char *name, napi_ref *result);
/* A Uint8Array (so also a Buffer). */
bool read_bytes(napi_env env, napi_value value, const char *name, byte_span *result);
/* As read_bytes; undefined gives an empty span. */
bool read_optional_bytes(napi_env env, napi_value value, const char *name, byte_span *result);
/* A string cut to `size`; undefined leaves what is in `result`. */
bool read_optional_text(napi_env env, napi_value value, char *result, size_t size);

bool is_type(napi_env env, napi_value value, napi_valuetype type);

/* Copies; NULL when it could not be made. */
napi_value make_bytes(napi_env env, const void *data, size_t length);
napi_value make_undefined(napi_env env);

#endif
