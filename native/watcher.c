#include "watcher.h"

#include <unistd.h>

#include "errors.h"
#include "values.h"

static void drop_reference(napi_env env, napi_ref *reference) {
  if (*reference != NULL) napi_delete_reference(env, *reference);
  *reference = NULL;
}

static void release_if_over(watcher *self) {
  if (self->collected && !self->handle_in_use) self->destroy(self);
}

static void on_handle_closed(uv_handle_t *handle) {
  watcher *self = handle->data;
  self->handle_in_use = false;
  napi_remove_async_cleanup_hook(self->cleanup);
  release_if_over(self);
}

static void close_descriptor(watcher *self) {
  if (!watcher_is_open(self)) return;
  /* uv_close leaves the poll set at once, so that the number can be used again by the next open. */
  if (self->handle_in_use) uv_close((uv_handle_t *)&self->poll, on_handle_closed);
  close(self->fd);
  self->fd = -1;
  for (int index = 0; index < WATCHER_CALLBACKS; index++) drop_reference(self->env, &self->callbacks[index]);
  drop_reference(self->env, &self->object);
}

static void on_environment_end(napi_async_cleanup_hook_handle hook, void *data) {
  (void)hook; /* on_handle_closed removes it, which tells Node.js that we are done */
  close_descriptor(data);
}

static void on_collected(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  watcher *self = data;
  self->collected = true;
  close_descriptor(self);
  release_if_over(self);
}

static void on_ready(uv_poll_t *poll, int status, int events) {
  watcher *self = poll->data;
  napi_handle_scope scope;
  (void)events;
  if (napi_open_handle_scope(self->env, &scope) != napi_ok) return;
  self->ready(self, status < 0);
  napi_close_handle_scope(self->env, scope);
  /* libuv stops watching a descriptor that reported an error. The error is taken off it by now; go on. */
  if (status < 0 && watcher_is_open(self) && !self->paused) uv_poll_start(&self->poll, UV_READABLE, on_ready);
}

void watcher_pause(watcher *self) {
  self->paused = true;
  uv_poll_stop(&self->poll);
}

void watcher_resume(watcher *self) {
  self->paused = false;
  uv_poll_start(&self->poll, UV_READABLE, on_ready);
}

/* 0, or libuv's (negative) error. */
static int watch(watcher *self) {
  uv_loop_t *loop = NULL;
  int error;
  if (napi_get_uv_event_loop(self->env, &loop) != napi_ok) return UV_EINVAL;
  error = uv_poll_init(loop, &self->poll, self->fd);
  if (error != 0) return error;
  self->handle_in_use = true;
  self->poll.data = self;
  napi_add_async_cleanup_hook(self->env, on_environment_end, self, &self->cleanup);
  return uv_poll_start(&self->poll, UV_READABLE, on_ready);
}

bool watcher_open(napi_env env, napi_value object, watcher *self) {
  int error;
  self->env = env;
  if (napi_wrap(env, object, self, on_collected, NULL, NULL) != napi_ok) {
    close_descriptor(self);
    self->destroy(self);
    return false;
  }
  napi_create_reference(env, object, 1, &self->object);
  error = watch(self);
  if (error == 0) return true;
  close_descriptor(self);
  throw_system_error(env, (system_failure){-error, "epoll_ctl", "watch a file descriptor", NULL});
  return false;
}

static watcher *unwrap(napi_env env, napi_value object) {
  void *data = NULL;
  if (napi_unwrap(env, object, &data) != napi_ok) napi_throw_type_error(env, "ERR_INVALID_THIS", "it was never opened");
  return data;
}

watcher *watcher_of(napi_env env, napi_callback_info info, size_t *count, napi_value *arguments) {
  napi_value object;
  watcher *self;
  if (napi_get_cb_info(env, info, count, arguments, &object, NULL) != napi_ok) return NULL;
  self = unwrap(env, object);
  if (self == NULL || watcher_is_open(self)) return self;
  napi_throw_error(env, "ERR_CLOSED", "it has been closed");
  return NULL;
}

void watcher_call(watcher *self, int callback, size_t count, const napi_value *arguments) {
  napi_value function;
  napi_value object;
  napi_value exception;
  if (!watcher_is_open(self) || self->callbacks[callback] == NULL ||
      napi_get_reference_value(self->env, self->callbacks[callback], &function) != napi_ok ||
      napi_get_reference_value(self->env, self->object, &object) != napi_ok) {
    return;
  }
  if (napi_make_callback(self->env, NULL, object, function, count, arguments, NULL) == napi_pending_exception &&
      napi_get_and_clear_last_exception(self->env, &exception) == napi_ok) {
    napi_fatal_exception(self->env, exception);
  }
}

/* The watcher of `this`, open or not. */
static watcher *any_watcher(napi_env env, napi_callback_info info) {
  napi_value object;
  size_t count = 0;
  if (napi_get_cb_info(env, info, &count, NULL, &object, NULL) != napi_ok) return NULL;
  return unwrap(env, object);
}

napi_value watcher_method_close(napi_env env, napi_callback_info info) {
  watcher *self = any_watcher(env, info);
  if (self != NULL) close_descriptor(self);
  return NULL;
}

napi_value watcher_method_ref(napi_env env, napi_callback_info info) {
  watcher *self = any_watcher(env, info);
  if (self != NULL && watcher_is_open(self)) uv_ref((uv_handle_t *)&self->poll);
  return NULL;
}

napi_value watcher_method_unref(napi_env env, napi_callback_info info) {
  watcher *self = any_watcher(env, info);
  if (self != NULL && watcher_is_open(self)) uv_unref((uv_handle_t *)&self->poll);
  return NULL;
}
