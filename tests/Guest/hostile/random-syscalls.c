/*
 * A hundred thousand system calls with random numbers and arguments; the seed is fixed. Workers make them, a few hundred each, because
 * some calls end or stall the caller; the next worker goes on with the next call. Left out is what reaches beyond the worker: signals
 * to others, new processes, mounts, clocks, names and power of the machine.
 */
#include "show.h"

#define CALLS 100000
#define BATCH 500

static volatile struct progress { long next; long made; } *progress;
static uint64_t state;

static uint64_t random64(void) { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state * 0x2545F4914F6CDD1D; }

static int left_out(long number)
{
    static const short numbers[] = {
        SYS_exit, SYS_exit_group, SYS_fork, SYS_vfork, SYS_clone, SYS_clone3, SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo,
        SYS_rt_tgsigqueueinfo, SYS_pidfd_send_signal, SYS_reboot, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_sethostname,
        SYS_setdomainname, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime, SYS_prlimit64, SYS_vhangup,
        SYS_kexec_load, SYS_kexec_file_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_swapon, SYS_swapoff, SYS_ptrace,
        SYS_process_vm_writev, SYS_rt_sigreturn, SYS_syslog, SYS_sched_setscheduler, SYS_sched_setattr, SYS_sched_setparam,
    };
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i] == number) return 1;
    return number >= SYS_open_tree && number <= SYS_fspick;
}

static uint64_t argument(char *memory)
{
    static const uint64_t interesting[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 16, 0x7f, 0x80, 0xff, 0x1000, 0x7fffffff, 0x80000000, 0xffffffff,
        0x7ffffffff000, 0x7fffffffffff, 0x800000000000, 0x8000000000000000, 0xffff800000000000, 0xffffffff80000000, 0xfffffffffffff000, -1ul };
    switch (random64() % 6) {
    case 0: return random64() % 12;                                     /* a descriptor, a small count */
    case 1: return interesting[random64() % (sizeof interesting / sizeof *interesting)];
    case 2: return (uintptr_t)memory + random64() % 8192;               /* good memory */
    case 3: return (uintptr_t)memory + 8192 - random64() % 32;          /* good memory that ends */
    case 4: return 1ul << random64() % 64;
    default: return random64();
    }
}

static void work(void)
{
    int null = open("/dev/null", O_RDWR), ends[2];
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
    pipe(ends);
    open("f", O_CREAT | O_RDWR, 0600); open(".", O_RDONLY); open("/dev/zero", O_RDWR); open("/proc/self/stat", O_RDONLY);
    char *memory = mmap(0, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(memory + 2 * 4096, 4096);
    struct { unsigned long a, b; } limit = { 64 << 20, 64 << 20 };
    syscall(SYS_setrlimit, 9, &limit);                                  /* RLIMIT_AS: a mapping of everything costs time, not insight */
    limit.a = limit.b = 1 << 20;
    signal(SIGXFSZ, SIG_IGN);
    syscall(SYS_setrlimit, 1, &limit);                                  /* RLIMIT_FSIZE */
    for (int i = 0; i < BATCH && progress->next < CALLS; i++) {
        state = 0x9E3779B97F4A7C15 * (uint64_t)(++progress->next);
        for (int n = 0; n < 8192; n += 8) *(uint64_t *)(memory + n) = n % 64 ? random64() % 5 : random64();
        uint64_t choice = random64() % 100;
        long number = choice < 95 ? (long)(random64() % 450) : choice < 98 ? (long)(random64() % 2000) : (long)random64();
        if (left_out(number)) number = SYS_getpid;
        syscall(number, argument(memory), argument(memory), argument(memory), argument(memory), argument(memory), argument(memory));
        progress->made++;
    }
    _exit(0);
}

int main(void)
{
    progress = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    long workers = 0;
    while (progress->next < CALLS && workers < CALLS) {
        long before = progress->next;
        pid_t worker = fork();
        if (worker < 0) { show("fork", -1); return 1; }
        if (worker == 0) work();
        workers++;
        int status, waits = 0;
        long last = progress->next;
        while (waitpid(worker, &status, WNOHANG) == 0) {
            usleep(1000);
            if (progress->next == last) waits++; else waits = 0;
            last = progress->next;
            if (waits > 20) { kill(worker, SIGKILL); waitpid(worker, &status, 0); break; }
        }
        if (progress->next == before) progress->next++;
        unlink("f");
    }
    printf("calls tried: %ld\n", progress->next);
    return progress->next == CALLS ? 0 : 1;
}
