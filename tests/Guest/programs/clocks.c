/* Time: clocks agree, sleeping takes as long as it should, timers fire. */
#include "show.h"
#include <sys/time.h>
#include <sys/sysinfo.h>

static volatile int ticks;
static void tick(int number) { (void)number; ticks++; }
static long since(struct timespec *from) { struct timespec now; clock_gettime(CLOCK_MONOTONIC, &now); return (now.tv_sec - from->tv_sec) * 1000000 + (now.tv_nsec - from->tv_nsec) / 1000; }
static void within(const char *what, long us, long least) { printf("%s: not early %d, not late %d\n", what, us >= least, us < least + 500000); fflush(stdout); }

int main(void)
{
    struct timespec start, t, u; struct timeval v;
    for (int clock = 0; clock < 12; clock++) { printf("clock %d: ", clock); show_ok("get", clock_gettime(clock, &t)); }
    SHOW(clock_gettime(99, &t)); SHOW(clock_settime(CLOCK_MONOTONIC, &t)); SHOW(clock_getres(CLOCK_MONOTONIC, &t)); printf("%ld.%09ld\n", (long)t.tv_sec, t.tv_nsec); SHOW(clock_getres(CLOCK_MONOTONIC, 0)); SHOW(clock_getres(99, &t));
    int backwards = 0;
    clock_gettime(CLOCK_MONOTONIC, &t);
    for (int i = 0; i < 10000; i++) { clock_gettime(CLOCK_MONOTONIC, &u); backwards += u.tv_sec < t.tv_sec || (u.tv_sec == t.tv_sec && u.tv_nsec < t.tv_nsec); t = u; }
    printf("backwards %d\n", backwards);
    clock_gettime(CLOCK_REALTIME, &t); gettimeofday(&v, 0); printf("real time agrees %d, and time() %d\n", v.tv_sec - t.tv_sec <= 1, time(0) - t.tv_sec <= 1);

    clock_gettime(CLOCK_MONOTONIC, &start);
    t = (struct timespec){ 0, 30000000 }; SHOW(nanosleep(&t, &u)); within("nanosleep", since(&start), 30000);
    t = (struct timespec){ 0, -1 }; SHOW(nanosleep(&t, 0)); t = (struct timespec){ 0, 1000000000 }; SHOW(nanosleep(&t, 0)); t = (struct timespec){ -1, 0 }; SHOW(nanosleep(&t, 0)); t = (struct timespec){ 0, 0 }; SHOW(nanosleep(&t, 0));
    clock_gettime(CLOCK_MONOTONIC, &start); t = start; t.tv_nsec += 20000000; if (t.tv_nsec >= 1000000000) { t.tv_nsec -= 1000000000; t.tv_sec++; }
    SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0)); within("absolute", since(&start), 20000); SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0));

    signal(SIGALRM, tick);
    struct itimerval timer = { { 0, 10000 }, { 0, 10000 } }, old;
    SHOW(setitimer(ITIMER_REAL, &timer, 0));
    while (ticks < 5) pause();
    SHOW(getitimer(ITIMER_REAL, &old)); printf("interval %ld value in range %d\n", (long)old.it_interval.tv_usec, old.it_value.tv_usec <= 10000);
    memset(&timer, 0, sizeof timer); SHOW(setitimer(ITIMER_REAL, &timer, &old)); printf("old interval %ld\n", (long)old.it_interval.tv_usec);
    ticks = 0; usleep(30000); printf("after stopping %d\n", ticks); SHOW(setitimer(9, &timer, 0)); timer.it_value.tv_usec = 2000000; SHOW(setitimer(ITIMER_REAL, &timer, 0));
    clock_t cpu = clock(); for (volatile long i = 0; i < 3000000; i++) { } printf("processor time passes %d\n", clock() > cpu);
    cpu = clock(); usleep(50000); printf("and not while sleeping %d\n", clock() - cpu < 20000);
    struct sysinfo info; SHOW(sysinfo(&info)); printf("uptime %d memory %d unit %u\n", info.uptime >= 0, info.totalram > info.freeram, info.mem_unit);
    return 0;
}
