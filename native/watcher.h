/* A file descriptor watched by the event loop, wrapped in a JavaScript object: the part that the socket and the timer
 * share, and the one place that knows about lifetimes.
 *
 * Three things must be over before the memory goes: the descriptor is closed (by JavaScript, or because the environment
 * ends), libuv has let go of its handle, and the JavaScript object has been collected. They may happen in any order, also
 * inside a callback of the watcher itself. */
#ifndef HOLDFAST_WATCHER_H
#define HOLDFAST_WATCHER_H

#include <node_api.h>
#include <stdbool.h>
#include <uv.h>

enum { WATCHER_CALLBACKS = 2 };

typedef struct watcher watcher;
struct watcher {
  uv_poll_t poll;
  napi_env env;
  int fd; /* -1 once closed */
  napi_ref callbacks[WATCHER_CALLBACKS];
  /* The descriptor can be read (or has an error: `failed`). Runs in a handle scope. */
  void (*ready)(watcher *self, bool failed);
  /* Frees the structure that `watcher` is the first member of. */
  void (*destroy)(watcher *self);

  napi_ref object; /* strong while open: an open descriptor keeps its object alive */
  napi_async_cleanup_hook_handle cleanup;
  bool handle_in_use;
  bool collected;
  bool paused;
};

/* Ties `self`, whose fd, callbacks, ready and destroy are set, to `object` and begins to watch. False after throwing; then
 * everything that `self` owns is released or will be with the object. Never touch `self` after that. */
bool watcher_open(napi_env env, napi_value object, watcher *self);

/* The watcher of `this` in a method call; NULL after throwing, also when it is closed. That `this` is of the right class
 * is checked before: V8 calls a class's methods on nothing else ("Illegal invocation"). */
watcher *watcher_of(napi_env env, napi_callback_info info, size_t *count, napi_value *arguments);

/* Calls one of the callbacks; what it throws is an uncaught exception. The watcher may be closed afterwards. */
void watcher_call(watcher *self, int callback, size_t count, const napi_value *arguments);

static inline bool watcher_is_open(const watcher *self) { return self->fd >= 0; }

/* Stops watching, and begins again: what the descriptor has to say meanwhile waits in the kernel. */
void watcher_pause(watcher *self);
void watcher_resume(watcher *self);

/* The methods every watched object has. They may be called at any time. */
napi_value watcher_method_close(napi_env env, napi_callback_info info);
napi_value watcher_method_ref(napi_env env, napi_callback_info info);
napi_value watcher_method_unref(napi_env env, napi_callback_info info);

#endif
