/* Vector registers and the floating-point control words survive switches, signals and forks; a fork inherits them. */
#include "show.h"
#include <fenv.h>
#include <math.h>

static volatile int handled;
static void clobber(int number)
{
    (void)number; handled++;
    __asm__ volatile("pxor %%xmm0, %%xmm0; pxor %%xmm7, %%xmm7; pxor %%xmm15, %%xmm15" ::: "xmm0", "xmm7", "xmm15");
    feholdexcept(&(fenv_t){ 0 }); fesetround(FE_UPWARD);
}

static unsigned control(void) { unsigned c; __asm__ volatile("stmxcsr %0" : "=m"(c)); return c; }

int main(void)
{
    double values[4] = { 1.5, 2.25, -3.125, 1e300 }, back[4];
    signal(SIGUSR1, clobber);
    pid_t me = getpid();
    long result;
    __asm__ volatile("movsd %[v0], %%xmm0; movsd %[v1], %%xmm7; movsd %[v2], %%xmm15; syscall; movsd %%xmm0, %[b0]; movsd %%xmm7, %[b1]; movsd %%xmm15, %[b2]"
        : "=a"(result), [b0] "=m"(back[0]), [b1] "=m"(back[1]), [b2] "=m"(back[2]) : "a"(SYS_kill), "D"(me), "S"(SIGUSR1), [v0] "m"(values[0]), [v1] "m"(values[1]), [v2] "m"(values[2]) : "rcx", "r11", "memory", "xmm0", "xmm7", "xmm15");
    printf("signal: handled %d, %g %g %g, control %x rounding %d\n", handled, back[0], back[1], back[2], control(), fegetround());

    for (int i = 0; i < 8; i++) if (fork() == 0) {
        double x = i + 0.5, y = 0; fesetround(i & 1 ? FE_DOWNWARD : FE_TONEAREST);
        for (int n = 0; n < 200; n++) { y = y * 0.999 + sqrt(x + n); sched_yield: syscall(SYS_sched_yield); }
        goto out; goto sched_yield;
out:    printf("child %d: %.10f rounding %d\n", i, y, fegetround()); fflush(stdout); _exit(0);
    } else wait(0);
    int status;
    for (int i = 0; i < 6; i++) if (fork() == 0) { double y = 0; for (int n = 0; n < 300; n++) { y = y * 0.5 + i + n; syscall(SYS_sched_yield); } _exit((int)y & 127); }
    int total = 0; while (wait(&status) > 0) total += WEXITSTATUS(status);
    printf("together %d\n", total);
    fesetround(FE_TOWARDZERO); fflush(stdout);
    if (fork() == 0) { printf("inherited %d\n", fegetround()); fflush(stdout); _exit(0); }
    wait(0);
    printf("flags kept: %d\n", fegetround());
    unsigned long flags; __asm__ volatile("std; pushfq; popq %0; cld" : "=r"(flags)); printf("direction flag settable %lu\n", flags >> 10 & 1);
    __asm__ volatile("std; syscall; pushfq; popq %0; cld" : "=r"(flags), "=a"(result) : "a"(SYS_getuid) : "rcx", "r11", "memory"); printf("direction flag kept %lu\n", flags >> 10 & 1);
    return 0;
}
