/* Pipes and FIFOs: blocking, capacity, ends, non-blocking, atomic writes. */
#include "show.h"
#include <poll.h>
#include <sys/ioctl.h>

int main(void)
{
    int p[2]; char buffer[70000]; int status, queued;
    signal(SIGPIPE, SIG_IGN);
    SHOW(pipe(BAD)); SHOW(pipe2(p, 0x40000000)); SHOW(pipe2(p, O_CLOEXEC)); SHOW(fcntl(p[0], F_GETFD)); printf("flags %x %x\n", fcntl(p[0], F_GETFL), fcntl(p[1], F_GETFL));
    SHOW(read(p[1], buffer, 1)); SHOW(write(p[0], buffer, 1)); SHOW(lseek(p[0], 0, SEEK_SET)); SHOW(pread(p[0], buffer, 1, 0)); SHOW(ftruncate(p[1], 0)); SHOW(fsync(p[1]));
    struct stat s; fstat(p[0], &s); printf("mode %o size %ld\n", s.st_mode, (long)s.st_size);
    SHOW(write(p[1], "hello", 5)); SHOW(write(p[1], " world", 6)); SHOW(ioctl(p[0], FIONREAD, &queued)); printf("queued %d\n", queued);
    SHOW(read(p[0], buffer, 3)); SHOW(read(p[0], buffer, 100)); printf("%.8s\n", buffer);
    SHOW(read(p[0], buffer, 0)); SHOW(write(p[1], buffer, 0));

    puts("-- capacity");
    SHOW(fcntl(p[1], F_GETPIPE_SZ)); fcntl(p[1], F_SETFL, O_NONBLOCK); fcntl(p[0], F_SETFL, O_NONBLOCK);
    long total = 0, n;
    while ((n = write(p[1], buffer, 1000)) > 0) total += n;
    printf("took %ld then %s\n", total, error_name(errno));
    SHOW(write(p[1], buffer, 1)); SHOW(write(p[1], buffer, 70000));
    SHOW(read(p[0], buffer, 4096)); SHOW(write(p[1], buffer, 4096));
    total = 0; while ((n = read(p[0], buffer, sizeof buffer)) > 0) total += n;
    printf("gave %ld then %s\n", total, error_name(errno));
    SHOW(write(p[1], buffer, 70000)); SHOW(write(p[1], buffer, 5000)); SHOW(write(p[1], buffer, 1));
    while (read(p[0], buffer, sizeof buffer) > 0) { }
    SHOW(fcntl(p[1], F_SETPIPE_SZ, 4096)); SHOW(write(p[1], buffer, 5000)); SHOW(fcntl(p[1], F_SETPIPE_SZ, 100000)); SHOW(fcntl(p[1], F_GETPIPE_SZ));
    while (read(p[0], buffer, sizeof buffer) > 0) { }
    fcntl(p[1], F_SETFL, 0); fcntl(p[0], F_SETFL, 0);

    puts("-- ends");
    struct pollfd ends[2] = { { p[0], POLLIN, 0 }, { p[1], POLLOUT, 0 } };
    poll(ends, 2, 0); printf("empty: %x %x\n", ends[0].revents, ends[1].revents);
    write(p[1], "x", 1); poll(ends, 2, 0); printf("one byte: %x %x\n", ends[0].revents, ends[1].revents);
    close(p[1]); ends[1].fd = -1; poll(ends, 2, 0); printf("writer gone: %x %x\n", ends[0].revents, ends[1].revents);
    SHOW(read(p[0], buffer, 10)); SHOW(read(p[0], buffer, 10)); poll(ends, 1, 0); printf("and empty: %x\n", ends[0].revents);
    close(p[0]);
    pipe(p); close(p[0]); ends[0] = (struct pollfd){ p[1], POLLOUT, 0 }; poll(ends, 1, 0); printf("reader gone: %x\n", ends[0].revents); SHOW(write(p[1], "x", 1)); close(p[1]);

    puts("-- a million bytes through a child");
    int q[2]; pipe(p); pipe(q);
    if (fork() == 0) { close(p[1]); close(q[0]); while ((n = read(p[0], buffer, 1234)) > 0) write(q[1], buffer, n); _exit(0); }
    close(p[0]); close(q[1]);
    pid_t writer = fork();
    if (writer == 0) { for (int i = 0; i < 1000; i++) { memset(buffer, i, 1000); write(p[1], buffer, 1000); } _exit(0); }
    close(p[1]);
    unsigned long sum = 0; total = 0;
    while ((n = read(q[0], buffer, 4321)) > 0) { for (int i = 0; i < n; i++) sum = sum * 31 + (unsigned char)buffer[i]; total += n; }
    printf("total %ld sum %lu\n", total, sum);
    while (wait(&status) > 0) { }
    close(q[0]);

    puts("-- small writes stay whole");
    pipe(p);
    for (int w = 0; w < 4; w++) if (fork() == 0) { memset(buffer, 'a' + w, 512); for (int i = 0; i < 100; i++) write(p[1], buffer, 512); _exit(0); }
    close(p[1]);
    int torn = 0; total = 0;
    while ((n = read(p[0], buffer, 512)) > 0) { total += n; while (n < 512) { long m = read(p[0], buffer + n, 512 - n); if (m <= 0) break; n += m; total += m; } for (int i = 1; i < 512; i++) torn += buffer[i] != buffer[0]; }
    while (wait(&status) > 0) { }
    printf("total %ld torn %d\n", total, torn);
    close(p[0]);

    puts("-- FIFO");
    SHOW(mkfifo("fifo", 0600)); SHOW(mkfifo("fifo", 0600)); SHOW(open("fifo", O_WRONLY | O_NONBLOCK));
    int r = SHOW_OK(open("fifo", O_RDONLY | O_NONBLOCK)); SHOW(read(r, buffer, 1));
    int w = SHOW_OK(open("fifo", O_WRONLY)); SHOW(read(r, buffer, 1)); SHOW(write(w, "fifo", 4)); SHOW(read(r, buffer, 10)); close(w); SHOW(read(r, buffer, 1)); close(r);
    if (fork() == 0) { int f = open("fifo", O_WRONLY); write(f, "met", 3); _exit(0); }
    r = SHOW_OK(open("fifo", O_RDONLY)); SHOW(read(r, buffer, 10)); wait(&status);

    puts("-- splice, tee, sendfile, copy_file_range");
    pipe(p); int f = open("data", O_CREAT | O_RDWR, 0600); write(f, "0123456789", 10);
    off_t offset = 2;
    SHOW(syscall(SYS_sendfile, p[1], f, &offset, 5)); printf("offset %ld\n", (long)offset); SHOW(read(p[0], buffer, 10)); printf("%.5s\n", buffer);
    SHOW(syscall(SYS_sendfile, p[1], 99, 0, 5)); SHOW(syscall(SYS_sendfile, p[1], p[0], 0, 5));
    return 0;
}
