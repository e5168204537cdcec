/* Takes what costs kernel memory: descriptors, pipes, mappings, names, processes, until each is refused. */
#include "show.h"

static long count_until_refused(const char *what, int (*take)(long))
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        long n = 0;
        while (n < 300000 && take(n) >= 0) n++;
        printf("%s: %s\n", what, n < 300000 ? "refused" : "never refused");
        fflush(stdout);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    show_status(what, status);
    return 0;
}

static int descriptor(long n) { (void)n; return open("/dev/null", O_RDONLY); }
static int mapping(long n) { return mmap(0, 4096, n & 1 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0; }
static int name(long n)
{
    char path[300];
    memset(path, 'n', 250);
    sprintf(path + 230, "%ld", n);
    int f = open(path, O_CREAT | O_WRONLY, 0600);
    if (f < 0) return -1;
    close(f);
    return 0;
}

int main(void)
{
    struct { unsigned long a, b; } many = { 200000, 200000 };
    syscall(SYS_prlimit64, 0, 7, &many, 0);
    count_until_refused("descriptors", descriptor);
    count_until_refused("mappings", mapping);
    count_until_refused("names", name);
    puts("still here");
    return 0;
}
