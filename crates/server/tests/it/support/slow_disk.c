/* Preloaded into a server: as long as a file is there, its disk takes no more. Whoever waits for the disk waits until the file is gone. */

#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void wait_for_disk(void) {
  const char *gate = getenv("SLOW_DISK_GATE");
  while (gate != NULL && access(gate, F_OK) == 0) {
    usleep(1000);
  }
}

int fdatasync(int fd) {
  wait_for_disk();
  return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd) {
  wait_for_disk();
  return (int)syscall(SYS_fsync, fd);
}
