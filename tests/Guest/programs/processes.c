/* Process identity: vfork, groups, sessions, ids, clone, limits, priorities. */
#include "show.h"
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/utsname.h>

static int value;
static int cloned(void *argument) { value = 5; return *(int *)argument; }
static char stack[65536] __attribute__((aligned(16)));

static void groups(void)
{
    printf("child: group is parent's %d session is parent's %d\n", getpgrp() == getpgid(getppid()), getsid(0) == getsid(getppid()));
    SHOW(setpgid(0, 0)); printf("own group %d\n", getpgrp() == getpid());
    SHOW(setsid());
}

static void session(void)
{
    printf("new session %d\n", setsid() == getpid());
    printf("group %d session %d\n", getpgrp() == getpid(), getsid(0) == getpid());
    SHOW(setpgid(0, 0)); SHOW(open("/dev/tty", O_RDWR));
    pid_t child = fork();
    if (child == 0) { pause(); _exit(0); }
    SHOW(setpgid(child, child)); printf("child's group %d\n", getpgid(child) == child); SHOW(setpgid(child, 1)); SHOW(setpgid(child, getpid())); SHOW(kill(-getpgrp(), 0)); kill(child, 9); wait(0);
}

int main(void)
{
    int status;
    puts("-- vfork");
    value = 1;
    pid_t child = vfork();
    if (child == 0) { value = 2; _exit(3); }
    printf("the parent sees %d\n", value);
    waitpid(child, &status, 0); show_status("vfork", status);
    child = vfork();
    if (child == 0) { execl("/bin/busybox", "true", (char *)0); _exit(9); }
    waitpid(child, &status, 0); show_status("vfork and exec", status);
    child = vfork();
    if (child == 0) { execl("/missing", "x", (char *)0); _exit(9); }
    waitpid(child, &status, 0); show_status("vfork and failed exec", status);

    puts("-- clone");
    int result = 17;
    value = 0;
    child = clone(cloned, stack + sizeof stack, SIGCHLD, &result);
    waitpid(child, &status, 0); show_status("copy", status); printf("value %d\n", value);
    child = clone(cloned, stack + sizeof stack, CLONE_VM | SIGCHLD, &result);
    waitpid(child, &status, 0); show_status("shared", status); printf("value %d\n", value);
    child = clone(cloned, stack + sizeof stack, 0, &result);
    SHOW(waitpid(child, &status, 0)); printf("with __WALL %d\n", waitpid(child, &status, __WALL) == child);
    SHOW(syscall(SYS_clone, CLONE_SIGHAND, 0, 0, 0, 0)); SHOW(syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0));

    puts("-- groups and sessions");
    in_child("groups", groups); in_child("session", session);
    SHOW(getpgid(999999)); SHOW(getsid(999999)); SHOW(setpgid(999999, 0)); SHOW(setpgid(0, -1)); SHOW(setpgid(-1, 0));

    puts("-- ids");
    SHOW(getuid()); SHOW(geteuid()); SHOW(getgid()); SHOW(getegid()); SHOW(getgroups(0, 0));
    unsigned r, e, s; SHOW(getresuid(&r, &e, &s)); printf("%u %u %u\n", r, e, s);
    printf("pid is tid %d\n", getpid() == syscall(SYS_gettid)); SHOW(syscall(SYS_set_tid_address, &r) == getpid());

    puts("-- uname, limits, times, priorities");
    struct utsname name; SHOW(uname(&name)); printf("%s %s\n", name.sysname, name.machine); SHOW(syscall(SYS_uname, BAD));
    struct rlimit limit; SHOW(getrlimit(RLIMIT_NOFILE, &limit)); printf("%ld %ld\n", (long)limit.rlim_cur, (long)limit.rlim_max); SHOW(getrlimit(RLIMIT_STACK, &limit)); printf("%ld %ld\n", (long)limit.rlim_cur, (long)limit.rlim_max); SHOW(getrlimit(RLIMIT_CORE, &limit)); printf("%ld\n", (long)limit.rlim_cur); SHOW(getrlimit(99, &limit)); SHOW(syscall(SYS_getrlimit, 0, BAD));
    limit.rlim_cur = 10; limit.rlim_max = 5; SHOW(setrlimit(RLIMIT_NOFILE, &limit));
    struct tms t; SHOW_OK(times(&t)); SHOW_OK(times(0));
    struct rusage usage; SHOW(getrusage(RUSAGE_SELF, &usage)); SHOW(getrusage(RUSAGE_CHILDREN, &usage)); SHOW(getrusage(99, &usage)); SHOW(syscall(SYS_getrusage, 0, BAD));
    errno = 0; SHOW(getpriority(PRIO_PROCESS, 0)); SHOW(setpriority(PRIO_PROCESS, 0, 5)); SHOW(getpriority(PRIO_PROCESS, 0)); SHOW(getpriority(9, 0)); SHOW(sched_yield()); SHOW(sched_getscheduler(0));
    cpu_set_t cpus; SHOW_OK(sched_getaffinity(0, sizeof cpus, &cpus)); printf("cpus %d\n", CPU_COUNT(&cpus)); SHOW(sched_getaffinity(999999, sizeof cpus, &cpus));

    puts("-- prctl and arch_prctl");
    char text[17] = { 0 }; SHOW(prctl(PR_SET_NAME, "a-rather-long-name-here")); SHOW(prctl(PR_GET_NAME, text)); puts(text); SHOW(prctl(PR_SET_PDEATHSIG, SIGTERM)); SHOW(prctl(PR_GET_PDEATHSIG, &status)); printf("%d\n", status); SHOW(prctl(PR_GET_DUMPABLE)); SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)); SHOW(prctl(12345));
    unsigned long base; SHOW(syscall(SYS_arch_prctl, 0x1003, &base)); printf("fs %d\n", base != 0); SHOW(syscall(SYS_arch_prctl, 0x1002, 0x8000000000000000)); SHOW(syscall(SYS_arch_prctl, 0x9999, 0)); SHOW(syscall(SYS_arch_prctl, 0x1001, 0x12345678)); SHOW(syscall(SYS_arch_prctl, 0x1004, &base)); printf("gs %lx\n", base);

    puts("-- unknown calls");
    SHOW(syscall(999)); SHOW(syscall(-1)); SHOW(syscall(0x40000000)); SHOW(syscall(1L << 32));
    return 0;
}
