/* mmap, munmap, mprotect, brk, mremap, madvise: results and edges. */
#include "show.h"
#include <sys/resource.h>
#include <setjmp.h>

static sigjmp_buf escape;
static void fault(int number) { siglongjmp(escape, number); }
static const char *touch_write(volatile char *p) { int s = sigsetjmp(escape, 1); if (s) return s == SIGBUS ? "SIGBUS" : "SIGSEGV"; *p = 1; return "ok"; }
static const char *touch_read(volatile char *p) { int s = sigsetjmp(escape, 1); if (s) return s == SIGBUS ? "SIGBUS" : "SIGSEGV"; (void)*p; return "ok"; }
static const char *run(char *p) { int s = sigsetjmp(escape, 1); if (s) return "SIGSEGV"; ((void (*)(void))p)(); return "ok"; }
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

static void *hint_fixed;

int main(void)
{
    signal(SIGSEGV, fault); signal(SIGBUS, fault);

    puts("-- arguments");
    SHOW((long)mmap(0, 0, RW, ANON, -1, 0));
    SHOW((long)mmap(0, 4096, RW, MAP_ANONYMOUS, -1, 0));
    SHOW((long)mmap(0, 4096, RW, MAP_PRIVATE, -1, 0));
    SHOW((long)mmap(0, 4096, RW, MAP_PRIVATE, 99, 0));
    SHOW((long)mmap((void *)1, 4096, RW, ANON | MAP_FIXED, -1, 0));
    SHOW((long)mmap((void *)0x800000000000, 4096, RW, ANON | MAP_FIXED, -1, 0));
    SHOW((long)mmap(0, 4096, RW, ANON, -1, 1));
    SHOW((long)mmap(0, 1UL << 47, PROT_NONE, ANON | MAP_NORESERVE, -1, 0));
    SHOW((long)mmap(0, -4095UL, RW, ANON, -1, 0));
    SHOW(munmap((void *)1, 4096));
    SHOW(munmap((void *)0x10000000, 0));
    SHOW(munmap((void *)0x10000000, 4096));
    SHOW(munmap(KERNEL, 4096));
    SHOW(mprotect((void *)1, 4096, RW));
    SHOW(mprotect((void *)0x10000000, 4096, RW));
    SHOW(mprotect((void *)0x10000000, 0, RW));

    puts("-- anonymous memory is zero, and one page is one page");
    char *p = mmap(0, 5 * 4096, RW, ANON, -1, 0);
    int sum = 0;
    for (int i = 0; i < 5 * 4096; i++) sum += p[i];
    printf("sum %d aligned %d\n", sum, ((long)p & 4095) == 0);
    memset(p, 0x11, 5 * 4096);
    SHOW(munmap(p + 4096, 4096));
    printf("before %s hole %s after %s\n", touch_read(p), touch_read(p + 4096), touch_read(p + 8192));
    SHOW(mprotect(p + 2 * 4096, 4096, PROT_READ));
    printf("read %s write %s next %s\n", touch_read(p + 8192), touch_write(p + 8192), touch_write(p + 3 * 4096));
    SHOW(mprotect(p + 2 * 4096, 2 * 4096, PROT_NONE));
    printf("none: %s %s\n", touch_read(p + 2 * 4096), touch_read(p + 3 * 4096));
    SHOW(mprotect(p, 3 * 4096, RW));
    printf("up to the hole: %s\n", touch_write(p));
    printf("%d %d\n", p[4 * 4096], p[100]);
    SHOW((long)mmap(p + 4096, 4096, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == (long)(p + 4096));
    SHOW((long)mmap(p + 4096, 4096, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
    SHOW((long)mmap(p, 4096, RW, ANON | MAP_FIXED, -1, 0) == (long)p);
    printf("replaced is zero: %d\n", p[100]);
    SHOW(munmap(p, 5 * 4096));

    puts("-- a hint is taken when free");
    hint_fixed = (void *)0x200000000000;
    SHOW(mmap(hint_fixed, 4096, RW, ANON, -1, 0) == hint_fixed);
    SHOW(mmap(hint_fixed, 4096, RW, ANON, -1, 0) != hint_fixed);

    puts("-- execute");
    p = mmap(0, 4096, RW, ANON, -1, 0);
    p[0] = (char)0xc3;
    printf("not executable: %s\n", run(p));
    SHOW(mprotect(p, 4096, PROT_READ | PROT_EXEC));
    printf("executable: %s, writable: %s\n", run(p), touch_write(p));

    puts("-- files: private and shared, beyond the end");
    int f = open("file", O_RDWR | O_CREAT, 0600);
    write(f, "0123456789", 10);
    char *shared = mmap(0, 8192, RW, MAP_SHARED, f, 0);
    char *private = mmap(0, 4096, RW, MAP_PRIVATE, f, 0);
    printf("%.10s %.10s zero after the end %d\n", shared, private, shared[10]);
    shared[0] = 'S'; private[1] = 'P';
    char buffer[11] = { 0 };
    pread(f, buffer, 10, 0);
    printf("%s %.10s %.10s\n", buffer, shared, private);
    pwrite(f, "W", 1, 2);
    printf("%.10s %.10s\n", shared, private);
    printf("second page: %s\n", touch_read(shared + 4096));
    SHOW(ftruncate(f, 5000));
    printf("second page after growing: %s\n", touch_write(shared + 4096));
    SHOW(ftruncate(f, 5));
    printf("after shrinking: %.10s|%d %s\n", shared, shared[7], touch_read(shared + 4096));
    SHOW(msync(shared, 4096, MS_SYNC));
    SHOW(msync((void *)0x10000000, 4096, MS_SYNC));
    SHOW((long)mmap(0, 4096, RW, MAP_PRIVATE, f, 100));
    close(f);
    printf("after close: %c\n", shared[0]);
    f = open("file", O_RDONLY);
    SHOW((long)mmap(0, 4096, RW, MAP_SHARED, f, 0));
    SHOW_OK((long)mmap(0, 4096, RW, MAP_PRIVATE, f, 0));
    close(f);
    f = open("file", O_WRONLY);
    SHOW((long)mmap(0, 4096, PROT_WRITE, MAP_PRIVATE, f, 0));
    close(f);

    puts("-- shared between parent and child, private copied");
    int *both = mmap(0, 4096, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int *mine = mmap(0, 4096, RW, ANON, -1, 0);
    *both = *mine = 1;
    if (fork() == 0) { *both = 2; *mine = 2; _exit(0); }
    int status; wait(&status);
    printf("shared %d private %d\n", *both, *mine);

    puts("-- brk");
    char *start = sbrk(0);
    printf("aligned grow %d\n", (long)syscall(SYS_brk, start + 10000) == (long)(start + 10000));
    start[9999] = 5;
    printf("same again %d\n", (long)syscall(SYS_brk, start + 10000) == (long)(start + 10000));
    printf("too low is refused %d\n", (long)syscall(SYS_brk, (char *)4096) == (long)(start + 10000));
    printf("too high is refused %d\n", (long)syscall(SYS_brk, (char *)0x700000000000) == (long)(start + 10000));
    printf("shrink %d\n", (long)syscall(SYS_brk, start) == (long)start);
    syscall(SYS_brk, start + 10000);
    printf("fresh again %d\n", start[9999]);

    puts("-- mremap");
    p = mmap(0, 2 * 4096, RW, ANON, -1, 0);
    p[0] = 'a'; p[4096] = 'b';
    char *q = mremap(p, 2 * 4096, 4 * 4096, MREMAP_MAYMOVE);
    printf("%c%c %d\n", q[0], q[4096], q[3 * 4096]);
    SHOW(mremap(q, 4 * 4096, 4096, 0) == q);
    printf("%c %s\n", q[0], touch_read(q + 4096));
    mmap(q + 4096, 4096, RW, ANON | MAP_FIXED, -1, 0);
    SHOW((long)mremap(q, 4096, 2 * 4096, 0));
    SHOW((long)mremap((void *)0x10000000, 4096, 8192, MREMAP_MAYMOVE));
    SHOW((long)mremap(q, 4096, 0, MREMAP_MAYMOVE));
    SHOW((long)mremap(q + 1, 4096, 8192, MREMAP_MAYMOVE));

    puts("-- madvise");
    p = mmap(0, 2 * 4096, RW, ANON, -1, 0);
    p[0] = p[4096] = 9;
    SHOW(madvise(p, 4096, MADV_DONTNEED));
    printf("%d %d\n", p[0], p[4096]);
    SHOW(madvise(p, 4096, 12345));
    SHOW(madvise((void *)0x10000000, 4096, MADV_DONTNEED));
    SHOW(madvise(p + 1, 4096, MADV_DONTNEED));

    puts("-- limits");
    struct rlimit limit = { 64 << 20, 64 << 20 };
    SHOW(setrlimit(RLIMIT_AS, &limit));
    SHOW((long)mmap(0, 128 << 20, RW, ANON, -1, 0));
    SHOW_OK((long)mmap(0, 1 << 20, RW, ANON, -1, 0));
    return 0;
}
