/* What the guest programs share: results are printed by name, so that the outputs of two kernels can be compared. */
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *error_name(int error)
{
    static const struct { int number; const char *name; } names[] = {
#define E(n) { n, #n }
        E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(ENXIO), E(E2BIG), E(ENOEXEC), E(EBADF), E(ECHILD), E(EAGAIN), E(ENOMEM),
        E(EACCES), E(EFAULT), E(ENOTBLK), E(EBUSY), E(EEXIST), E(EXDEV), E(ENODEV), E(ENOTDIR), E(EISDIR), E(EINVAL), E(ENFILE),
        E(EMFILE), E(ENOTTY), E(ETXTBSY), E(EFBIG), E(ENOSPC), E(ESPIPE), E(EROFS), E(EMLINK), E(EPIPE), E(EDOM), E(ERANGE),
        E(EDEADLK), E(ENAMETOOLONG), E(ENOLCK), E(ENOSYS), E(ENOTEMPTY), E(ELOOP), E(EOVERFLOW), E(ENOTSOCK), E(EOPNOTSUPP),
        E(ETIMEDOUT), E(ENODATA), E(EAFNOSUPPORT), E(ENOTCONN), E(EDESTADDRREQ),
#undef E
    };
    static char other[16];
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].number == error) return names[i].name;
    snprintf(other, sizeof other, "E%d", error);
    return other;
}

/* Prints "what: value" or "what: -1 ENAME" and gives the value back. */
static long show(const char *what, long value)
{
    int error = errno;
    if (value == -1) printf("%s: -1 %s\n", what, error_name(error));
    else printf("%s: %ld\n", what, value);
    fflush(stdout);
    return value;
}

/* The same for calls whose value is different each time: only success or the error counts. */
static long show_ok(const char *what, long value)
{
    int error = errno;
    if (value == -1) printf("%s: -1 %s\n", what, error_name(error));
    else printf("%s: ok\n", what);
    fflush(stdout);
    return value;
}

#define SHOW(call) show(#call, (long)(call))
#define SHOW_OK(call) show_ok(#call, (long)(call))

static void show_status(const char *what, int status)
{
    if (WIFEXITED(status)) printf("%s: exited %d\n", what, WEXITSTATUS(status));
    else if (WIFSIGNALED(status)) printf("%s: signal %d%s\n", what, WTERMSIG(status), WCOREDUMP(status) ? " core" : "");
    else if (WIFSTOPPED(status)) printf("%s: stopped %d\n", what, WSTOPSIG(status));
    else if (WIFCONTINUED(status)) printf("%s: continued\n", what);
    else printf("%s: status %x\n", what, status);
    fflush(stdout);
}

/* Runs something in a child and shows how the child ended. */
static void in_child(const char *what, void (*run)(void))
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) { run(); fflush(stdout); _exit(0); }
    int status;
    if (waitpid(child, &status, 0) != child) { show("waitpid", -1); return; }
    show_status(what, status);
}

/* An address that no mapping covers, and one in the kernel's half. */
#define BAD ((void *)0x10)
#define KERNEL ((void *)0xffff800000000000)
