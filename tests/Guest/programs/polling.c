/* poll, ppoll, select, pselect: readiness, time-outs, errors. */
#include "show.h"
#include <poll.h>
#include <sys/select.h>

static void nothing(int number) { (void)number; }

int main(void)
{
    int p[2], q[2]; char byte;
    pipe(p); pipe(q);
    int file = open("f", O_CREAT | O_RDWR, 0600), null = open("/dev/null", O_RDWR);

    puts("-- poll");
    struct pollfd fds[5] = { { p[0], POLLIN | POLLOUT, 9 }, { p[1], POLLIN | POLLOUT, 9 }, { file, POLLIN | POLLOUT | POLLPRI, 9 }, { 99, POLLIN, 9 }, { -5, POLLIN, 9 } };
    SHOW(poll(fds, 5, 0));
    for (int i = 0; i < 5; i++) printf(" %x", fds[i].revents);
    puts("");
    fds[0].fd = null; fds[0].events = POLLIN | POLLOUT; SHOW(poll(fds, 1, 0)); printf("null %x\n", fds[0].revents);
    fds[0] = (struct pollfd){ p[0], POLLIN, 0 };
    struct timespec before, after; clock_gettime(CLOCK_MONOTONIC, &before);
    SHOW(poll(fds, 1, 50)); clock_gettime(CLOCK_MONOTONIC, &after);
    long ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    printf("waited at least 50 ms %d, less than a second %d\n", ms >= 50, ms < 1000);
    SHOW(poll(0, 0, 1)); SHOW(poll(BAD, 1, 0)); SHOW(poll(fds, 1 << 30, 0));
    if (fork() == 0) { usleep(20000); write(p[1], "x", 1); _exit(0); }
    SHOW(poll(fds, 1, -1)); printf("%x\n", fds[0].revents); wait(0); read(p[0], &byte, 1);
    if (fork() == 0) { pid_t parent = getppid(); usleep(20000); kill(parent, SIGUSR1); _exit(0); }
    signal(SIGUSR1, nothing);
    SHOW(poll(fds, 1, -1)); wait(0);
    struct timespec soon = { 0, 1000000 }, wrong = { 0, 2000000000 };
    SHOW(ppoll(fds, 1, &soon, 0)); SHOW(ppoll(fds, 1, &wrong, 0)); SHOW(syscall(SYS_ppoll, fds, 1, BAD, 0, 8));
    sigset_t mask, all; sigemptyset(&mask); sigaddset(&mask, SIGUSR1); sigprocmask(SIG_BLOCK, &mask, 0); raise(SIGUSR1); sigemptyset(&all);
    SHOW(ppoll(fds, 1, 0, &all)); sigpending(&all); printf("still pending %d\n", sigismember(&all, SIGUSR1)); sigprocmask(SIG_UNBLOCK, &mask, 0);

    puts("-- select");
    fd_set r, w, x; struct timeval timeout = { 0, 10000 };
    FD_ZERO(&r); FD_ZERO(&w); FD_ZERO(&x); FD_SET(p[0], &r); FD_SET(file, &r); FD_SET(p[1], &w); FD_SET(file, &w); FD_SET(file, &x);
    SHOW(select(20, &r, &w, &x, &timeout)); printf("%d %d %d %d %d\n", FD_ISSET(p[0], &r) != 0, FD_ISSET(file, &r) != 0, FD_ISSET(p[1], &w) != 0, FD_ISSET(file, &w) != 0, FD_ISSET(file, &x) != 0);
    FD_ZERO(&r); FD_SET(p[0], &r); timeout = (struct timeval){ 0, 10000 };
    SHOW(select(20, &r, 0, 0, &timeout)); printf("set %d left %ld %ld\n", FD_ISSET(p[0], &r) != 0, (long)timeout.tv_sec, (long)timeout.tv_usec);
    FD_SET(p[0], &r); write(p[1], "y", 1); timeout.tv_sec = 100; SHOW(select(20, &r, 0, 0, &timeout)); printf("left about 100: %d\n", timeout.tv_sec >= 99);
    FD_ZERO(&r); FD_SET(50, &r); SHOW(select(60, &r, 0, 0, 0)); SHOW(select(-1, 0, 0, 0, 0)); timeout.tv_sec = -1; SHOW(select(0, 0, 0, 0, &timeout)); timeout = (struct timeval){ 0, 1000 }; SHOW(select(0, 0, 0, 0, &timeout)); SHOW(syscall(SYS_select, 10, BAD, 0, 0, 0)); SHOW(pselect(0, 0, 0, 0, &soon, 0));
    return 0;
}
