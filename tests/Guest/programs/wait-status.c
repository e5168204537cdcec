/* fork, exit and wait: status words, order, options, errors. */
#include "show.h"
#include <sys/resource.h>

static void exits_7(void) { _exit(7); }
static void exits_300(void) { _exit(300); }
static void killed_9(void) { kill(getpid(), SIGKILL); }
static void killed_15(void) { raise(SIGTERM); }
static void aborts(void) { abort(); }
static void segfaults(void) { *(volatile int *)16 = 1; }
static void illegal(void) { __asm__ volatile("ud2"); }
static void divides(void) { unsigned zero = 0; __asm__ volatile("xorl %%edx, %%edx; divl %0" :: "r"(zero) : "eax", "edx"); }
static void traps(void) { __asm__ volatile("int3"); }
static void privileged(void) { __asm__ volatile("hlt"); }
static void port(void) { __asm__ volatile("outb %%al, $0x80" ::: "memory"); }
static void noncanonical(void) { *(volatile char *)0x8000000000000000 = 1; }
static void jumps_nowhere(void) { ((void (*)(void))0x10)(); }
static void writes_code(void) { *(volatile char *)(void *)writes_code = 0; }
static void bus_error(void) { raise(SIGBUS); }

int main(void)
{
    in_child("exit 7", exits_7);
    in_child("exit 300", exits_300);
    in_child("kill -9", killed_9);
    in_child("SIGTERM", killed_15);
    in_child("abort", aborts);
    in_child("null write", segfaults);
    in_child("ud2", illegal);
    in_child("divide by zero", divides);
    in_child("int3", traps);
    in_child("hlt", privileged);
    in_child("out", port);
    in_child("non-canonical write", noncanonical);
    in_child("jump to 0x10", jumps_nowhere);
    in_child("write to code", writes_code);
    in_child("SIGBUS", bus_error);

    int status = 99;
    SHOW(waitpid(-1, &status, 0));
    SHOW(waitpid(-1, &status, WNOHANG));
    SHOW(waitpid(999999, &status, 0));
    SHOW(wait4(-1, &status, 0xdead0000, 0));
    printf("status untouched: %d\n", status);

    pid_t child = fork();
    if (child == 0) { pause(); _exit(0); }
    SHOW(waitpid(child, &status, WNOHANG));
    SHOW(kill(child, 0));
    SHOW(kill(child, SIGSTOP));
    printf("stopped is child: %d\n", waitpid(child, &status, WUNTRACED) == child);
    show_status("stopped", status);
    SHOW(kill(child, SIGCONT));
    printf("continued is child: %d\n", waitpid(child, &status, WCONTINUED) == child);
    show_status("continued", status);
    SHOW(kill(child, SIGKILL));
    struct rusage usage;
    memset(&usage, 0xff, sizeof usage);
    printf("wait4 is child: %d\n", wait4(child, &status, 0, &usage) == child);
    show_status("killed", status);
    printf("usage filled: %d\n", usage.ru_nswap == 0 && usage.ru_utime.tv_usec < 1000000);
    SHOW(kill(child, 0));

    siginfo_t info;
    child = fork();
    if (child == 0) _exit(42);
    memset(&info, 0, sizeof info);
    SHOW(waitid(P_PID, child, &info, WEXITED | WNOWAIT));
    printf("waitid: code %d status %d pid %d\n", info.si_code, info.si_status, info.si_pid == child);
    SHOW(waitid(P_PID, child, &info, WEXITED));
    SHOW(waitid(P_PID, child, &info, WEXITED));
    SHOW(waitid(P_ALL, 0, &info, 0));

    /* Children of several process groups. */
    pid_t first = fork();
    if (first == 0) { setpgid(0, 0); _exit(1); }
    pid_t second = fork();
    if (second == 0) _exit(2);
    setpgid(first, first);
    int seen = waitpid(0, &status, 0);
    printf("own group: %d\n", seen == second);
    show_status("own group", status);
    seen = waitpid(-first, &status, 0);
    printf("other group: %d\n", seen == first);
    show_status("other group", status);

    /* An orphan goes to the first process. */
    int ends[2];
    pipe(ends);
    child = fork();
    if (child == 0) {
        if (fork() == 0) {
            while (getppid() != 1) usleep(1000);
            int parent = getppid();
            write(ends[1], &parent, sizeof parent);
            _exit(0);
        }
        _exit(0);
    }
    waitpid(child, &status, 0);
    int parent = 0;
    read(ends[0], &parent, sizeof parent);
    printf("orphan's parent: %d\n", parent);

    /* SIGCHLD ignored: no zombies. */
    signal(SIGCHLD, SIG_IGN);
    child = fork();
    if (child == 0) _exit(3);
    SHOW(waitpid(child, &status, 0));
    return 0;
}
