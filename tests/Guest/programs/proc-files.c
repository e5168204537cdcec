/* procfs as programs read it: shapes, not values. */
#include "show.h"
#include <ctype.h>

/* Digits become one 9, and blanks one blank, so that only the shape is left. */
static void shape(const char *name, int lines)
{
    FILE *f = fopen(name, "r");
    if (!f) { show(name, -1); return; }
    printf("[%s]\n", name);
    char line[4096];
    while (lines-- > 0 && fgets(line, sizeof line, f)) {
        char last = 0;
        for (char *p = line; *p; p++) {
            char c = isdigit((unsigned char)*p) ? '9' : *p == '\t' ? ' ' : *p;
            if ((c == '9' || c == ' ') && c == last) continue;
            putchar(last = c);
        }
    }
    fclose(f);
}

static int has(const char *name, const char *word)
{
    static char text[65536];
    int f = open(name, O_RDONLY); long n = f < 0 ? 0 : read(f, text, sizeof text - 1);
    close(f); text[n > 0 ? n : 0] = 0;
    return strstr(text, word) != 0;
}

int main(int argc, char **argv)
{
    char buffer[256]; struct stat s; (void)argc; (void)argv;
    shape("/proc/uptime", 1); shape("/proc/self/comm", 1); shape("/proc/loadavg", 1);
    shape("/proc/meminfo", 3);
    printf("meminfo %d %d %d %d\n", has("/proc/meminfo", "MemAvailable:"), has("/proc/meminfo", "Buffers:"), has("/proc/meminfo", "Cached:"), has("/proc/meminfo", "SwapTotal:"));
    shape("/proc/slabinfo", 2); SHOW(stat("/proc/slabinfo", &s)); printf("%o slabs %d\n", s.st_mode, has("/proc/slabinfo", " : tunables    0    0    0 : slabdata "));
    printf("cpuinfo %d %d %d\n", has("/proc/cpuinfo", "processor\t: 0"), has("/proc/cpuinfo", "model name\t: "), has("/proc/cpuinfo", "flags\t\t: "));
    printf("stat %d %d %d %d\n", has("/proc/stat", "cpu  "), has("/proc/stat", "cpu0 "), has("/proc/stat", "btime "), has("/proc/stat", "processes "));
    printf("status %d %d %d %d %d %d\n", has("/proc/self/status", "Name:\tproc-files\n"), has("/proc/self/status", "State:\tR (running)\n"), has("/proc/self/status", "VmRSS:"), has("/proc/self/status", "Threads:\t1\n"), has("/proc/self/status", "Uid:\t0\t0\t0\t0\n"), has("/proc/self/status", "SigCgt:\t"));
    printf("mounts %d %d\n", has("/proc/mounts", " / "), has("/proc/mounts", "proc /proc proc"));
    printf("maps %d %d %d\n", has("/proc/self/maps", "[stack]"), has("/proc/self/maps", "/tests/proc-files"), has("/proc/self/maps", " r-xp "));
    printf("version %d filesystems %d\n", has("/proc/version", "Linux version "), has("/proc/filesystems", "tmpfs"));
    int f = open("/proc/self/cmdline", O_RDONLY); long n = read(f, buffer, sizeof buffer); printf("cmdline %ld [%s]\n", n, buffer); close(f);
    n = readlink("/proc/self/exe", buffer, sizeof buffer); printf("exe %.*s\n", (int)n, buffer);
    n = readlink("/proc/self/cwd", buffer, sizeof buffer); printf("cwd %.*s\n", (int)n, buffer);
    n = readlink("/proc/self/fd/0", buffer, sizeof buffer); printf("fd 0 %.*s\n", (int)n, buffer);
    n = readlink("/proc/self", buffer, sizeof buffer); buffer[n] = 0; printf("self is me %d\n", atoi(buffer) == getpid());
    int p[2]; pipe(p); sprintf(buffer, "/proc/self/fd/%d", p[0]); char target[64]; n = readlink(buffer, target, sizeof target); printf("pipe %.6s\n", target);
    SHOW(stat("/proc/self/exe", &s)); SHOW(stat("/proc/1", &s)); printf("%o\n", s.st_mode); SHOW(stat("/proc/999999", &s)); SHOW(open("/proc/nothing", O_RDONLY)); SHOW(open("/proc/uptime", O_WRONLY | O_CREAT, 0600)); SHOW(mkdir("/proc/x", 0700)); SHOW(unlink("/proc/uptime"));
    f = open("/proc/self/stat", O_RDONLY); n = read(f, buffer, sizeof buffer - 1); buffer[n] = 0;
    int fields = 1; for (char *c = strrchr(buffer, ')'); *c; c++) fields += *c == ' ';
    printf("stat fields after the name start right %d\n", strstr(buffer, "(proc-files) R ") != 0 && fields > 20);
    lseek(f, 0, SEEK_SET); n = read(f, buffer, 3); printf("in parts %ld then more %d\n", n, read(f, buffer, 100) > 0);
    return 0;
}
