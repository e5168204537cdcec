/*
 * Ten million system calls of many kinds and two thousand forks; memory is counted before and after. The first part of each kind is a
 * warm-up: what a kernel keeps from then on, it keeps once.
 */
#include "show.h"
#include <poll.h>
#include <sys/socket.h>

#define CALLS 10000000L
#define FORKS 2000

static long made;
static void nothing(int number) { (void)number; }

static void calls(long count)
{
    char buffer[64]; struct stat s; int p[2];
    int zero = open("/dev/zero", O_RDWR), null = open("/dev/null", O_RDWR);
    made += 2;
    signal(SIGUSR1, nothing);
    for (long end = made + count; made < end;) {
        for (int i = 0; i < 400; i++) { syscall(SYS_getppid); made++; }
        for (int i = 0; i < 200; i++) { read(zero, buffer, 16); write(null, buffer, 16); made += 2; }
        for (int i = 0; i < 20; i++) { struct timespec t; syscall(SYS_clock_gettime, 1, &t); fstat(zero, &s); lseek(null, 0, SEEK_SET); made += 3; }
        stat("/bin/busybox", &s); access("/missing", 0); made += 2;
        int f = open("endurance", O_CREAT | O_RDWR, 0600); write(f, buffer, 64); pread(f, buffer, 64, 0); ftruncate(f, 10000); close(f); unlink("endurance"); made += 6;
        pipe(p); write(p[1], buffer, 64); read(p[0], buffer, 64); struct pollfd poller = { p[0], POLLIN, 0 }; poll(&poller, 1, 0); close(p[0]); close(p[1]); made += 6;
        char *m = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); m[0] = m[40000] = 1; mprotect(m, 4096, PROT_READ); munmap(m, 65536); made += 3;
        kill(getpid(), SIGUSR1); made += 3;
        mkdir("d", 0700); symlink("x", "d/l"); rename("d/l", "d/m"); unlink("d/m"); rmdir("d"); made += 5;
    }
    close(zero); close(null);
    made += 2;
}

static void forks(int count)
{
    for (int i = 0; i < count; i++) {
        pid_t child = fork();
        if (child == 0) {
            if (i % 10 == 0) execl("/bin/busybox", "true", (char *)0);
            *(volatile char *)malloc(100000) = 1;
            _exit(i & 63);
        }
        int status;
        if (child < 0 || waitpid(child, &status, 0) != child) { show("fork", -1); exit(1); }
        if (WEXITSTATUS(status) != (i % 10 == 0 ? 0 : (i & 63))) { show_status("child", status); exit(1); }
    }
}

static long field(const char *name)
{
    static char text[8192];
    int f = open("/proc/meminfo", O_RDONLY);
    long n = read(f, text, sizeof text - 1);
    close(f);
    text[n > 0 ? n : 0] = 0;
    char *at = strstr(text, name);
    return at ? atol(at + strlen(name)) : -1;
}

/* A kernel that can be asked to give back what it merely keeps is asked. */
static void drop_caches(void)
{
    int f = open("/proc/sys/vm/drop_caches", O_WRONLY);
    if (f >= 0) { write(f, "3\n", 2); close(f); }
}

int main(void)
{
    calls(CALLS / 20);
    forks(FORKS / 10);
    drop_caches();
    long free_before = field("MemFree:"), heap_before = field("Slab:");
    made = 0;
    calls(CALLS);
    forks(FORKS);
    drop_caches();
    printf("calls %d forks %d\n", made >= CALLS, FORKS);
    printf("free kB before %ld after %ld\n", free_before, field("MemFree:"));
    printf("heap kB before %ld after %ld\n", heap_before, field("Slab:"));
    return 0;
}
