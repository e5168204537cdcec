/* All sixteen vector registers, the upper halves too where the kernel lets programs use AVX, survive system calls, signals, switches in user mode and fork. */
#include "show.h"
#include <sys/time.h>

static __attribute__((aligned(64))) unsigned char in[16 * 32], out[16 * 32];
static int width = 16, bad;
static volatile int handled;

#define EACH(M) M(0) M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9) M(10) M(11) M(12) M(13) M(14) M(15)
#define LOAD_X(r) "movdqu " #r "*32(%[in]), %%xmm" #r "\n"
#define SAVE_X(r) "movdqu %%xmm" #r ", " #r "*32(%[out])\n"
#define LOAD_Y(r) "vmovdqu " #r "*32(%[in]), %%ymm" #r "\n"
#define SAVE_Y(r) "vmovdqu %%ymm" #r ", " #r "*32(%[out])\n"
#define VECTORS "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"

static void fill(unsigned seed) { for (int i = 0; i < 16 * 32; i++) in[i] = (unsigned char)(seed * 131 + i * 7 + (i >> 5)); }

static void check(const char *what)
{
    for (int i = 0; i < 16 * 32; i++)
        if (i % 32 < width && in[i] != out[i]) { printf("%s: register %d, byte %d\n", what, i / 32, i % 32); bad = 1; return; }
}

static void call(const char *what, long number, long a, long b, long c)
{
    long result = number;
    if (width == 32)
        __asm__ volatile(EACH(LOAD_Y) "syscall\n" EACH(SAVE_Y) : "+a"(result) : [in] "r"(in), [out] "r"(out), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory", VECTORS);
    else
        __asm__ volatile(EACH(LOAD_X) "syscall\n" EACH(SAVE_X) : "+a"(result) : [in] "r"(in), [out] "r"(out), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory", VECTORS);
    check(what);
}

static void spin(const char *what, unsigned seed)
{
    fill(seed);
    if (width == 32)
        __asm__ volatile(EACH(LOAD_Y) "mov $8000000, %%ecx\n1: dec %%ecx\njnz 1b\n" EACH(SAVE_Y) :: [in] "r"(in), [out] "r"(out) : "rcx", "memory", VECTORS);
    else
        __asm__ volatile(EACH(LOAD_X) "mov $8000000, %%ecx\n1: dec %%ecx\njnz 1b\n" EACH(SAVE_X) :: [in] "r"(in), [out] "r"(out) : "rcx", "memory", VECTORS);
    check(what);
}

static void clobber(int number)
{
    (void)number;
    handled++;
    __asm__ volatile("pcmpeqb %%xmm0, %%xmm0; movdqa %%xmm0, %%xmm3; movdqa %%xmm0, %%xmm4; movdqa %%xmm0, %%xmm8; movdqa %%xmm0, %%xmm15" ::: VECTORS);
}

static int has_avx(void)
{
    unsigned a = 1, b, c = 0, d;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (~c & (1u << 27 | 1u << 28)) return 0;
    __asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    return (a & 6) == 6;
}

int main(void)
{
    static char bytes[4096];
    int ends[2], status;
    width = has_avx() ? 32 : 16;
    signal(SIGUSR1, clobber);
    signal(SIGALRM, clobber);
    if (pipe(ends)) return 1;
    for (int i = 0; i < 200; i++) {
        fill(5 * i); call("getppid", SYS_getppid, 0, 0, 0);
        fill(5 * i + 1); call("signal", SYS_kill, getpid(), SIGUSR1, 0);
        fill(5 * i + 2); call("write", SYS_write, ends[1], (long)bytes, sizeof bytes);
        fill(5 * i + 3); call("read", SYS_read, ends[0], (long)bytes, sizeof bytes);
        fill(5 * i + 4); call("yield", SYS_sched_yield, 0, 0, 0);
    }
    printf("calls and %d signals: %s\n", handled, bad ? "lost" : "kept");

    for (int child = 0; child < 3; child++)
        if (fork() == 0) {
            for (int i = 0; i < 6; i++) spin("beside others", child * 17 + i);
            for (int i = 0; i < 300; i++) { fill(i * child + i); call("yield beside others", SYS_sched_yield, 0, 0, 0); }
            fflush(stdout);
            _exit(bad);
        }
    struct itimerval every = { { 0, 2000 }, { 0, 2000 } }, never = { 0 };
    setitimer(ITIMER_REAL, &every, 0);
    for (int i = 0; i < 6; i++) spin("under signals", 99 + i);
    setitimer(ITIMER_REAL, &never, 0);
    while (wait(&status) > 0) bad |= status != 0;
    printf("switches and a timer: %s\n", bad ? "lost" : "kept");
    return bad;
}
