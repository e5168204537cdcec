/* Memory after fork: copied when written, in every direction, down several generations; stack, heap, files. */
#include "show.h"

#define PAGES 300
static char data[PAGES * 4096];
static unsigned sum(const char *p, int pages) { unsigned s = 1; for (int i = 0; i < pages; i++) s = s * 31 + (unsigned char)p[i * 4096]; return s; }

static void generation(char *heap, int depth)
{
    int local = depth * 100;
    for (int i = depth; i < PAGES; i += 7) { data[i * 4096] = depth; heap[i * 4096] = depth + 1; }
    fflush(stdout);
    if (depth < 5) {
        pid_t child = fork();
        if (child == 0) { generation(heap, depth + 1); _exit(depth + 1); }
        for (int i = 0; i < PAGES; i += 11) data[i * 4096] ^= 0x55;
        int status; waitpid(child, &status, 0); show_status("child", status);
    }
    printf("depth %d local %d data %u heap %u\n", depth, local, sum(data, PAGES), sum(heap, PAGES));
    fflush(stdout);
}

int main(void)
{
    char *heap = malloc(PAGES * 4096);
    memset(heap, 0, PAGES * 4096);
    generation(heap, 0);
    puts("-- a system call writes into a copied page");
    int p[2]; pipe(p); data[0] = 'p';
    fflush(stdout);
    if (fork() == 0) { write(p[1], "child", 5); _exit(0); }
    wait(0); read(p[0], data, 5); printf("%.5s\n", data);
    if (fork() == 0) { memcpy(data, "other", 5); _exit(0); }
    wait(0); printf("%.5s\n", data);
    puts("-- many children at once");
    for (int i = 0; i < 40; i++) if (fork() == 0) { data[i * 4096] = i; unsigned s = sum(data, PAGES); _exit(s % 251); }
    int status, total = 0; while (wait(&status) > 0) total += WEXITSTATUS(status);
    printf("total %d\n", total);
    return 0;
}
