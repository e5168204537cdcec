/* Every call that takes a pointer gets bad ones: the answer is EFAULT, never the end of anything. */
#include "show.h"
#include <poll.h>

static void *const bad[] = { (void *)0x10, (void *)0x7fffffffffff, (void *)0x8000000000000000, (void *)0xffff800000000000, (void *)0xffffffffffffff00 };

static int file, ends[2], directory;
#define TRY(name, ...) do { printf("%s:", #name); for (unsigned i_ = 0; i_ < sizeof bad / sizeof *bad; i_++) { void *b = bad[i_]; (void)b; errno = 0; \
    long r_ = syscall(SYS_##name, __VA_ARGS__); if (r_ == -1) printf(" %s", error_name(errno)); else printf(" %ld", r_); } puts(""); fflush(stdout); } while (0)

int main(void)
{
    char path[64] = "file"; struct stat s; int number; struct iovec vector = { path, 10 };
    file = open("file", O_CREAT | O_RDWR, 0600); write(file, "0123456789", 10); pipe(ends); directory = open(".", O_RDONLY); write(ends[1], "abc", 3);
    signal(SIGUSR1, SIG_IGN);
    (void)s; (void)number;

    TRY(read, ends[0], b, 2); TRY(write, file, b, 10); TRY(pread64, file, b, 10, 0); TRY(pwrite64, file, b, 10, 0); TRY(readv, ends[0], b, 1); TRY(writev, file, b, 1); TRY(preadv, file, b, 1, 0, 0); TRY(pwritev, file, b, 1, 0, 0);
    TRY(open, b, 0, 0); TRY(openat, -100, b, 0, 0); TRY(creat, b, 0600); TRY(stat, b, &s); TRY(stat, path, b); TRY(lstat, path, b); TRY(fstat, file, b); TRY(newfstatat, -100, b, &s, 0); TRY(newfstatat, -100, path, b, 0); TRY(statx, -100, path, 0, 0xfff, b); TRY(access, b, 0); TRY(faccessat, -100, b, 0);
    TRY(mkdir, b, 0700); TRY(rmdir, b); TRY(unlink, b); TRY(unlinkat, -100, b, 0); TRY(rename, b, path); TRY(rename, path, b); TRY(link, b, path); TRY(link, path, b); TRY(symlink, b, "y"); TRY(symlink, "x", b); TRY(readlink, b, path, 10); TRY(readlink, "/proc/self/exe", b, 10); TRY(chmod, b, 0600); TRY(chown, b, 0, 0); TRY(truncate, b, 0); TRY(mknod, b, 0100600, 0); TRY(chdir, b); TRY(getcwd, b, 100); TRY(getdents64, directory, b, 1000); TRY(utimensat, -100, b, 0, 0); TRY(utimensat, -100, path, b, 0); TRY(statfs, "/", b); TRY(fstatfs, file, b);
    TRY(pipe, b); TRY(pipe2, b, 0); TRY(poll, b, 1, 0); TRY(select, 8, b, 0, 0, 0); TRY(ioctl, ends[0], 0x541b, b); TRY(ioctl, 0, 0x5401, b); TRY(fcntl, file, 5, b);
    TRY(rt_sigaction, 10, b, 0, 8); TRY(rt_sigaction, 10, 0, b, 8); TRY(rt_sigprocmask, 0, b, 0, 8); TRY(rt_sigprocmask, 0, 0, b, 8); TRY(rt_sigpending, b, 8); TRY(rt_sigsuspend, b, 8); TRY(rt_sigtimedwait, b, 0, 0, 8); TRY(sigaltstack, b, 0); TRY(sigaltstack, 0, b);
    TRY(nanosleep, b, 0); TRY(clock_gettime, 1, b); TRY(clock_getres, 1, b); TRY(clock_nanosleep, 1, 0, b, 0); TRY(gettimeofday, b, 0); TRY(time, b); TRY(times, b); TRY(getrusage, 0, b); TRY(getrlimit, 0, b); TRY(setrlimit, 0, b); TRY(prlimit64, 0, 0, 0, b); TRY(getitimer, 0, b); TRY(setitimer, 0, b, 0);
    TRY(uname, b); TRY(sysinfo, b); TRY(getrandom, b, 16, 0); TRY(getgroups, 10, b); TRY(getresuid, b, b, b); TRY(prctl, 15, b, 0, 0, 0); TRY(prctl, 16, b, 0, 0, 0); TRY(arch_prctl, 0x1003, b); TRY(execve, b, 0, 0); TRY(execve, "/bin/true", b, 0); TRY(wait4, -1, b, 1, 0); TRY(waitid, 0, 0, b, 5, 0); TRY(futex, b, 1, 1, 0, 0, 0); TRY(futex, b, 0, 0, 0, 0, 0); TRY(sched_getaffinity, 0, 128, b); TRY(set_robust_list, b, 24);

    puts("-- a wait status that cannot be written");
    if (fork() == 0) _exit(4);
    SHOW(wait4(-1, BAD, 0, 0) > 0); SHOW(wait4(-1, 0, 0, 0));
    puts("-- a vector half of which is bad");
    struct iovec half[2] = { { "good", 4 }, { BAD, 4 } };
    lseek(file, 0, SEEK_SET); SHOW(writev(file, half, 2)); SHOW(lseek(file, 0, SEEK_CUR)); (void)vector;
    puts("-- a path at the very end of memory");
    char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); munmap(page + 4096, 4096);
    memcpy(page + 4091, "file", 5); SHOW(access(page + 4091, F_OK)); memcpy(page + 4092, "file", 4); SHOW(access(page + 4092, F_OK));
    puts("-- read-only memory as a target");
    char *constant = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); SHOW(pread(file, constant, 4, 0)); SHOW(syscall(SYS_stat, "file", constant)); SHOW(syscall(SYS_pipe, constant));
    puts("-- and a system call instruction with a bad stack pointer");
    long result; __asm__ volatile("movq %%rsp, %%r12; movq $0x10, %%rsp; syscall; movq %%r12, %%rsp" : "=a"(result) : "a"(SYS_getuid) : "rcx", "r11", "r12", "memory");
    printf("getuid %ld\n", result);
    return 0;
}
