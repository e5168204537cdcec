/* Signals: handlers, masks, SA_ flags, siginfo, alternate stack, interrupted calls, SIGCHLD, SIGPIPE. */
#include "show.h"
#include <setjmp.h>
#include <ucontext.h>

static volatile int count, last, order[16];
static volatile siginfo_t seen;
static volatile int on_alternate;
static char alternate[16384];

static void plain(int number) { last = number; order[count++ & 15] = number; }
static void informed(int number, siginfo_t *info, void *context)
{
    last = number; count++; *(siginfo_t *)&seen = *info;
    char here;
    on_alternate = &here >= alternate && &here < alternate + sizeof alternate;
    (void)context;
}

static void set(int number, void *handler, int flags)
{
    struct sigaction action = { .sa_flags = flags };
    if (flags & SA_SIGINFO) action.sa_sigaction = (void (*)(int, siginfo_t *, void *))handler;
    else action.sa_handler = (void (*)(int))handler;
    show_ok("sigaction", sigaction(number, &action, 0));
}

static sigjmp_buf escape;
static void *fault_address;
static int fault_code;
static void fault(int number, siginfo_t *info, void *context)
{
    (void)context;
    fault_address = info->si_addr; fault_code = info->si_code; last = number;
    siglongjmp(escape, 1);
}

static void change_context(int number, siginfo_t *info, void *context)
{
    (void)number; (void)info;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RAX] = 1234;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2; /* ud2 */
}

static void after(int milliseconds, int number)
{
    pid_t me = getpid();
    if (fork() == 0) { usleep(milliseconds * 1000); kill(me, number); _exit(0); }
}

int main(void)
{
    sigset_t mask, old, pending;
    pid_t me = getpid();

    puts("-- a handler, and what it is told");
    set(SIGUSR1, informed, SA_SIGINFO);
    SHOW(kill(me, SIGUSR1));
    printf("count %d last %d code %d pid %d uid %d\n", count, last, seen.si_code, seen.si_pid == me, seen.si_uid);
    union sigval value = { .sival_int = 77 };
    SHOW(sigqueue(me, SIGUSR1, value));
    printf("count %d code %d value %d\n", count, seen.si_code, seen.si_value.sival_int);
    SHOW(syscall(SYS_tgkill, me, me, SIGUSR1));
    printf("count %d code %d\n", count, seen.si_code);

    puts("-- blocked signals wait, and are counted once");
    count = 0;
    set(SIGUSR2, plain, 0);
    sigemptyset(&mask); sigaddset(&mask, SIGUSR1); sigaddset(&mask, SIGUSR2);
    SHOW(sigprocmask(SIG_BLOCK, &mask, &old));
    kill(me, SIGUSR2); kill(me, SIGUSR2); kill(me, SIGUSR1);
    SHOW(sigpending(&pending));
    printf("count %d pending %d %d %d\n", count, sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2), sigismember(&pending, SIGTERM));
    SHOW(sigprocmask(SIG_SETMASK, &old, 0));
    printf("count %d\n", count);
    puts("-- real-time signals queue, lowest first");
    count = 0;
    set(SIGRTMIN + 1, plain, 0); set(SIGRTMIN + 2, plain, 0);
    sigemptyset(&mask); sigaddset(&mask, SIGRTMIN + 1); sigaddset(&mask, SIGRTMIN + 2);
    sigprocmask(SIG_BLOCK, &mask, 0);
    kill(me, SIGRTMIN + 2); kill(me, SIGRTMIN + 1); kill(me, SIGRTMIN + 2);
    sigprocmask(SIG_UNBLOCK, &mask, 0);
    printf("count %d\n", count);

    puts("-- SIGKILL and SIGSTOP cannot be caught or blocked");
    struct sigaction action = { .sa_handler = plain };
    SHOW(sigaction(SIGKILL, &action, 0));
    SHOW(sigaction(SIGSTOP, &action, 0));
    SHOW(sigaction(0, &action, 0));
    SHOW(sigaction(65, &action, 0));
    SHOW(syscall(SYS_rt_sigaction, SIGUSR1, BAD, 0, 8));
    SHOW(syscall(SYS_rt_sigaction, SIGUSR1, 0, BAD, 8));
    SHOW(syscall(SYS_rt_sigaction, SIGUSR1, 0, 0, 4));
    SHOW(syscall(SYS_rt_sigprocmask, 9, &mask, 0, 8));
    SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, BAD, 0, 8));
    sigfillset(&mask); sigprocmask(SIG_SETMASK, &mask, 0); sigprocmask(SIG_SETMASK, 0, &old);
    printf("blocked kill %d stop %d term %d\n", sigismember(&old, SIGKILL), sigismember(&old, SIGSTOP), sigismember(&old, SIGTERM));
    sigemptyset(&mask); sigprocmask(SIG_SETMASK, &mask, 0);

    puts("-- the mask within a handler, SA_NODEFER, SA_RESETHAND");
    set(SIGUSR1, plain, SA_RESETHAND);
    count = 0; kill(me, SIGUSR1);
    sigaction(SIGUSR1, 0, &action);
    printf("count %d, then default %d flags %x\n", count, action.sa_handler == SIG_DFL, action.sa_flags & ~0x04000000);
    set(SIGUSR1, plain, SA_NODEFER | SA_RESTART);
    sigaction(SIGUSR1, 0, &action);
    printf("flags %x\n", action.sa_flags & ~0x04000000);

    puts("-- alternate stack");
    stack_t stack = { .ss_sp = alternate, .ss_size = sizeof alternate }, was;
    SHOW(sigaltstack(&stack, 0));
    SHOW(sigaltstack(0, &was));
    printf("was %d size %zu flags %d\n", was.ss_sp == alternate, was.ss_size, was.ss_flags);
    set(SIGUSR1, informed, SA_SIGINFO | SA_ONSTACK);
    kill(me, SIGUSR1);
    printf("on alternate stack: %d\n", on_alternate);
    stack.ss_size = 100;
    SHOW(sigaltstack(&stack, 0));
    stack.ss_flags = 99;
    SHOW(sigaltstack(&stack, 0));
    stack.ss_flags = SS_DISABLE;
    SHOW(sigaltstack(&stack, 0));
    SHOW(syscall(SYS_sigaltstack, BAD, 0));

    puts("-- faults: address and code");
    set(SIGSEGV, fault, SA_SIGINFO); set(SIGFPE, fault, SA_SIGINFO); set(SIGILL, fault, SA_SIGINFO); set(SIGTRAP, fault, SA_SIGINFO);
    if (!sigsetjmp(escape, 1)) *(volatile int *)0x18 = 1;
    printf("signal %d code %d address %p\n", last, fault_code, fault_address);
    char *page = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!sigsetjmp(escape, 1)) page[5] = 1;
    printf("signal %d code %d offset %ld\n", last, fault_code, (long)((char *)fault_address - page));
    if (!sigsetjmp(escape, 1)) *(volatile char *)KERNEL = 1;
    printf("signal %d code %d address %p\n", last, fault_code, fault_address);
    if (!sigsetjmp(escape, 1)) *(volatile char *)0x8000000000001000 = 1;
    printf("signal %d code %d address %p\n", last, fault_code, fault_address);
    if (!sigsetjmp(escape, 1)) { unsigned zero = 0; __asm__ volatile("xorl %%edx, %%edx; divl %0" :: "r"(zero) : "eax", "edx"); }
    printf("signal %d code %d\n", last, fault_code);
    if (!sigsetjmp(escape, 1)) __asm__ volatile("ud2");
    printf("signal %d code %d\n", last, fault_code);
    if (!sigsetjmp(escape, 1)) __asm__ volatile("int3");
    printf("signal %d code %d\n", last, fault_code);
    set(SIGILL, change_context, SA_SIGINFO);
    long value_after;
    __asm__ volatile("movq $5, %%rax; ud2; movq %%rax, %0" : "=r"(value_after) :: "rax");
    printf("rax after the handler changed it: %ld\n", value_after);

    puts("-- interrupted calls");
    int ends[2]; char byte; int status;
    pipe(ends);
    set(SIGALRM, plain, 0);
    after(20, SIGALRM);
    SHOW(read(ends[0], &byte, 1));
    wait(&status);
    set(SIGALRM, plain, SA_RESTART);
    pid_t helper = fork();
    if (helper == 0) { usleep(20000); kill(me, SIGALRM); usleep(20000); write(ends[1], "x", 1); _exit(0); }
    SHOW(read(ends[0], &byte, 1));
    while (wait(&status) > 0) { }
    struct timespec request = { 10, 0 }, rest = { 0, 0 };
    after(20, SIGALRM);
    SHOW(nanosleep(&request, &rest));
    printf("about ten seconds left: %d\n", rest.tv_sec >= 9);
    wait(&status);
    after(20, SIGALRM);
    SHOW(pause());
    wait(&status);
    sigemptyset(&mask);
    after(20, SIGALRM);
    SHOW(sigsuspend(&mask));
    wait(&status);

    puts("-- SIGCHLD");
    set(SIGCHLD, informed, SA_SIGINFO);
    count = 0;
    pid_t child = fork();
    if (child == 0) _exit(9);
    while (count == 0) usleep(1000);
    printf("code %d status %d pid %d\n", seen.si_code, seen.si_status, seen.si_pid == child);
    wait(&status);
    child = fork();
    if (child == 0) { signal(SIGSEGV, SIG_DFL); kill(getpid(), SIGSEGV); _exit(1); }
    count = 0;
    while (waitpid(child, &status, 0) < 0) { }
    printf("code %d status %d\n", seen.si_code, seen.si_status);
    set(SIGCHLD, SIG_DFL, SA_NOCLDWAIT);
    child = fork();
    if (child == 0) _exit(0);
    SHOW(waitpid(child, &status, 0));
    set(SIGCHLD, SIG_DFL, 0);

    puts("-- SIGPIPE");
    pipe(ends); close(ends[0]);
    child = fork();
    if (child == 0) { signal(SIGPIPE, SIG_DFL); write(ends[1], "x", 1); _exit(0); }
    waitpid(child, &status, 0);
    show_status("writer", status);
    set(SIGPIPE, SIG_IGN, 0);
    SHOW(write(ends[1], "x", 1));
    set(SIGPIPE, plain, 0);
    last = 0;
    SHOW(write(ends[1], "x", 1));
    printf("last %d\n", last);

    puts("-- sigtimedwait and alarm");
    sigemptyset(&mask); sigaddset(&mask, SIGUSR1); sigaddset(&mask, SIGALRM);
    sigprocmask(SIG_BLOCK, &mask, 0);
    kill(me, SIGUSR1);
    siginfo_t info;
    struct timespec soon = { 0, 10000000 };
    SHOW(sigtimedwait(&mask, &info, &soon));
    SHOW(sigtimedwait(&mask, &info, &soon));
    SHOW(alarm(100));
    SHOW(alarm(1));
    SHOW(sigwaitinfo(&mask, &info));
    SHOW(alarm(0));

    puts("-- a handler survives fork but not execve; an ignored signal survives both");
    SHOW(kill(me, 0)); SHOW(kill(me, 65)); SHOW(kill(me, -1)); SHOW(kill(999999, 0)); SHOW(kill(-999999, SIGTERM));
    return 0;
}
