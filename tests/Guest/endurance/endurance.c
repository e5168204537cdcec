/*
 * Ten million system calls of many kinds and two thousand forks; memory is counted before and after. The first part of each kind is a
 * warm-up: what a kernel keeps from then on, it keeps once.
 */
#include "show.h"
#include <poll.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>

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

/* What a kernel says about its memory, in kB, and about the objects on its heap. */
static const char *const sizes[] = { "MemFree:", "Slab:", "AnonPages:", "Shmem:", "PageTables:", "KernelStack:" };
#define SIZES (sizeof sizes / sizeof *sizes)

struct memory { long size[SIZES], free_frames, objects, object_bytes, slabs; };

static const char *contents(const char *path)
{
    static char text[16384];
    int f = open(path, O_RDONLY);
    long length = 0;
    for (long n; (n = read(f, text + length, sizeof text - 1 - length)) > 0; length += n) { }
    close(f);
    text[length] = 0;
    return text;
}

static void look(struct memory *memory)
{
    struct sysinfo now;
    sysinfo(&now);
    memory->free_frames = now.freeram * now.mem_unit / 4096;
    const char *text = contents("/proc/meminfo");
    for (size_t i = 0; i < SIZES; i++) {
        const char *at = strstr(text, sizes[i]);
        memory->size[i] = at ? atol(at + strlen(sizes[i])) : -1;
    }
    memory->objects = memory->object_bytes = memory->slabs = 0;
    for (text = contents("/proc/slabinfo"); text; text = strchr(text, '\n')) {
        long objects, size, slabs;
        if (sscanf(++text, "%*s %ld %*d %ld %*d %*d : tunables %*d %*d %*d : slabdata %ld", &objects, &size, &slabs) != 3) continue;
        memory->objects += objects;
        memory->object_bytes += objects * size;
        memory->slabs += slabs;
    }
}

/*
 * A kernel that can be asked to give back what it merely keeps is asked. Twice: while the first collection runs, the open file that asks for it is
 * alive where the heap had room between the garbage, and may keep a slab there that holds nothing else. The second one finds room lower down.
 */
static void drop_caches(void)
{
    for (int i = 0; i < 2; i++) {
        int f = open("/proc/sys/vm/drop_caches", O_WRONLY);
        if (f >= 0) { write(f, "3\n", 2); close(f); }
    }
}

static void print(const char *what, long before, long after) { printf("%-12s before %ld after %ld\n", what, before, after); }

int main(void)
{
    struct memory before, after;
    calls(CALLS / 20);
    forks(FORKS / 10);
    drop_caches();
    look(&before);
    made = 0;
    calls(CALLS);
    forks(FORKS);
    drop_caches();
    look(&after);
    printf("calls %ld forks %d\n", made / CALLS * CALLS, FORKS);
    print("free frames", before.free_frames, after.free_frames);
    for (size_t i = 0; i < SIZES; i++) print(sizes[i], before.size[i], after.size[i]);
    print("objects", before.objects, after.objects);
    print("object bytes", before.object_bytes, after.object_bytes);
    print("slabs", before.slabs, after.slabs);
    return 0;
}
