/*
 * Two thousand programs of random bytes; the seed is fixed. Each ends by some exception or by the clock, and what the processor refuses becomes a signal: no
 * instruction and no prefix makes the kernel believe that somebody forged it.
 */
#include "show.h"
#include <sys/time.h>

#define PROGRAMS 2000
#define CODE 4096

static uint64_t state;

static uint64_t random64(void) { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state * 0x2545F4914F6CDD1D; }

/*
 * System calls, which are other tests'; and far returns and calls, whose stack QEMU 7.2 reads and writes as if the kernel did: such a fault has no user bit, and Linux
 * takes it for its own.
 */
static int left_out(unsigned char opcode, unsigned char next)
{
    return (opcode == 0x0F && (next == 0x05 || next == 0x34)) || opcode == 0xCA || opcode == 0xCB || opcode == 0xCF || (opcode == 0xFF && (next >> 3 & 7) == 3);
}

static void run(long number)
{
    static const unsigned char prefixes[] = { 0x66, 0xF2, 0xF3, 0xF0, 0x48, 0x41, 0x2E, 0x64, 0x0F, 0x0F, 0x0F, 0xC5, 0x62 };
    struct itimerval soon = { { 0, 0 }, { 0, 10000 } };
    state = 0x9E3779B97F4A7C15 * (uint64_t)(number + 1);
    unsigned char *code = mmap(0, CODE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < CODE; i++) code[i] = random64() % 4 ? random64() >> 32 : prefixes[random64() % sizeof prefixes];
    for (int i = 0; i < CODE; i++) if (left_out(code[i], code[(i + 1) % CODE])) code[i] = 0x90;
    /* Some end at the end of the page, so that an instruction is cut off there. */
    unsigned char *start = code + (number % 4 ? 0 : CODE - 1 - random64() % 24);
    setitimer(ITIMER_REAL, &soon, 0);
    __asm__ volatile("jmp *%0" :: "r"(start), "a"(code), "c"(random64()), "d"(0), "S"(code), "D"(code) : "memory");
}

int main(void)
{
    long ended = 0;
    for (long number = 0; number < PROGRAMS; number++) {
        pid_t child = fork();
        if (child < 0) { show("fork", -1); return 1; }
        if (child == 0) { run(number); _exit(0); }
        int status;
        if (waitpid(child, &status, 0) == child) ended++;
    }
    printf("programs ended: %ld\n", ended);
    return ended == PROGRAMS ? 0 : 1;
}
