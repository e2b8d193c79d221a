/*
 * Preloaded into a process that may lock its memory. V8 gives pages back that it does not need for now, and ends the process when the
 * kernel will not have them, which it will not while they are locked (madvise(2): EINVAL). The advice is no more than advice: a page
 * that was to be freed may keep what it has until it is needed elsewhere, and a locked one never is.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* By this the addon knows that the process is prepared. */
const int holdfast_keeps_locked_pages = 1;

int madvise(void *address, size_t length, int advice) {
  long result = syscall(SYS_madvise, address, length, advice);
  if (result != 0 && errno == EINVAL && (advice == MADV_DONTNEED || advice == MADV_FREE)) return 0;
  return (int)result;
}
