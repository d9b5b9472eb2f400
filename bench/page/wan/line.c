// A line between two network namespaces: what one TUN device sends comes out of the other one, at a
// rate, after a delay, and some of it not at all. Built and run by line.py; it needs Linux and root.
//
//   line NAMESPACE DEVICE NAMESPACE DEVICE BITS_PER_SECOND DELAY_US LOST_PER_MILLE QUEUE_BYTES
//
// The namespaces are files such as /run/netns/client. Both directions are alike. A packet waits in a
// queue of that many bytes until its bits have gone out, and arrives the delay later; what finds the
// queue full is dropped. "ready" on standard output says that the devices are there.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL // in nanoseconds, as all times here
#define MOST_PACKETS (1 << 17)
#define READ_AT_ONCE 256

typedef struct {
  int64_t arrives;
  int length;
  unsigned char *bytes;
} packet;

// Packets on their way in one direction, oldest first: a ring from `first` up to `end`.
typedef struct {
  packet packets[MOST_PACKETS];
  unsigned first, end;
  int64_t last_bit_out; // when what has been taken so far will have gone out
} direction;

static direction directions[2]; // [0] from the first device to the second

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * SECOND + time.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int open_device(const char *namespace, const char *name) {
  int file = open(namespace, O_RDONLY);
  if (file < 0 || setns(file, CLONE_NEWNET)) fail(namespace);
  close(file);
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  if (device < 0) fail("/dev/net/tun");
  struct ifreq request = {0};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (ioctl(device, TUNSETIFF, &request)) fail(name);
  return device;
}

int main(int count, char **arguments) {
  if (count != 9) {
    fprintf(stderr, "8 arguments are needed: see the top of line.c\n");
    return 2;
  }
  prctl(PR_SET_PDEATHSIG, SIGTERM); // whoever started it has ended
  int devices[2] = {open_device(arguments[1], arguments[2]), open_device(arguments[3], arguments[4])};
  double per_byte = 8.0 * SECOND / atof(arguments[5]);
  int64_t delay = atoll(arguments[6]) * 1000;
  int lost = atoi(arguments[7]);
  double most_waiting = atof(arguments[8]) * per_byte;
  srandom(7); // the same numbers decide in every run what is lost
  puts("ready");
  fflush(stdout);

  static unsigned char bytes[65536];
  for (;;) {
    // Sleep until a packet comes or the next one has arrived.
    int64_t moment = now(), next = moment + 2 * SECOND;
    for (int i = 0; i < 2; i++) {
      direction *way = &directions[i];
      if (way->first != way->end && way->packets[way->first].arrives < next)
        next = way->packets[way->first].arrives;
    }
    int64_t left = next > moment ? next - moment : 0;
    struct timespec sleep = {left / SECOND, left % SECOND};
    struct pollfd polled[2] = {{devices[0], POLLIN, 0}, {devices[1], POLLIN, 0}};
    ppoll(polled, 2, &sleep, NULL);

    moment = now();
    for (int i = 0; i < 2; i++) {
      direction *way = &directions[i];
      for (int taken = 0; taken < READ_AT_ONCE; taken++) {
        int length = read(devices[i], bytes, sizeof bytes);
        if (length <= 0) break;
        int64_t first_bit_out = way->last_bit_out > moment ? way->last_bit_out : moment;
        unsigned end = (way->end + 1) % MOST_PACKETS;
        if (first_bit_out - moment > most_waiting || random() % 1000 < lost || end == way->first)
          continue;
        way->last_bit_out = first_bit_out + (int64_t)(length * per_byte);
        packet *kept = &way->packets[way->end];
        kept->arrives = way->last_bit_out + delay;
        kept->length = length;
        kept->bytes = malloc(length);
        if (!kept->bytes) fail("malloc");
        memcpy(kept->bytes, bytes, length);
        way->end = end;
      }
    }

    moment = now();
    for (int i = 0; i < 2; i++) {
      direction *way = &directions[i];
      while (way->first != way->end && way->packets[way->first].arrives <= moment) {
        packet *arrived = &way->packets[way->first];
        if (write(devices[1 - i], arrived->bytes, arrived->length) < 0 && errno == EAGAIN) break;
        free(arrived->bytes);
        way->first = (way->first + 1) % MOST_PACKETS;
      }
    }
  }
}
