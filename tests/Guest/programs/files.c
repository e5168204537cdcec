/* Files: open flags, seeking, vectors, truncation, stat fields, access. */
#include "show.h"
#include <limits.h>
#include <sys/statfs.h>

static void show_stat(const char *name)
{
    struct stat s;
    if (stat(name, &s) != 0) { show(name, -1); return; }
    printf("%s: mode %o links %ld uid %d gid %d size %ld blksize %ld blocks %ld\n",
        name, s.st_mode, (long)s.st_nlink, s.st_uid, s.st_gid, S_ISDIR(s.st_mode) ? -1L : (long)s.st_size, (long)s.st_blksize, (long)s.st_blocks);
}

int main(void)
{
    char buffer[64];
    umask(022);

    puts("-- open");
    SHOW(open("missing", O_RDONLY));
    SHOW(open("", O_RDONLY));
    SHOW(open("no/such", O_CREAT | O_RDWR, 0600));
    SHOW(open(BAD, O_RDONLY));
    int f = SHOW(open("a", O_CREAT | O_EXCL | O_RDWR, 0666));
    SHOW(open("a", O_CREAT | O_EXCL | O_RDWR, 0666));
    SHOW(open("a/b", O_RDONLY));
    SHOW(open(".", O_RDWR));
    SHOW(open(".", O_CREAT | O_RDONLY, 0600));
    SHOW(open("a", O_RDONLY | O_DIRECTORY));
    int d = SHOW(open(".", O_RDONLY | O_DIRECTORY));
    SHOW(read(d, buffer, 1));
    SHOW(write(d, buffer, 1));
    SHOW(close(d));
    SHOW(close(d));
    SHOW(close(-1));
    SHOW(symlink("a", "link"));
    SHOW(open("link", O_RDONLY | O_NOFOLLOW));
    SHOW(symlink("loop2", "loop1")); SHOW(symlink("loop1", "loop2"));
    SHOW(open("loop1", O_RDONLY));
    char name[5000];
    memset(name, 'x', sizeof name); name[256] = 0;
    SHOW(open(name, O_CREAT | O_RDWR, 0600));
    name[255] = 0;
    SHOW_OK(open(name, O_CREAT | O_RDWR, 0600));
    SHOW(unlink(name));
    memset(name, '/', sizeof name); name[4999] = 0;
    SHOW(open(name, O_RDONLY));

    puts("-- read, write, seek");
    SHOW(write(f, "hello world", 11));
    SHOW(lseek(f, 0, SEEK_CUR));
    SHOW(lseek(f, 3, SEEK_SET));
    memset(buffer, 0, sizeof buffer);
    SHOW(read(f, buffer, 4)); puts(buffer);
    SHOW(lseek(f, -2, SEEK_END));
    SHOW(read(f, buffer, 64));
    SHOW(read(f, buffer, 64));
    SHOW(lseek(f, -100, SEEK_CUR));
    SHOW(lseek(f, 0, 99));
    SHOW(lseek(f, 100, SEEK_SET));
    SHOW(write(f, "x", 1));
    show_stat("a");
    SHOW(pread(f, buffer, 20, 5));
    printf("%.6s hole %d\n", buffer, buffer[10]);
    SHOW(pread(f, buffer, 20, -1));
    SHOW(pread(f, buffer, 20, 1000));
    SHOW(pwrite(f, "Y", 1, 0));
    SHOW(lseek(f, 0, SEEK_CUR));
    SHOW(lseek(f, 0, SEEK_DATA)); SHOW(lseek(f, 200, SEEK_DATA)); SHOW(lseek(f, 0, SEEK_HOLE));
    SHOW(read(f, BAD, 1)); SHOW(read(f, KERNEL, 1));
    SHOW(lseek(f, 0, SEEK_SET)); SHOW(read(f, BAD, 1)); SHOW(read(f, KERNEL, 1)); SHOW(write(f, BAD, 1)); SHOW(write(f, KERNEL, 1));
    SHOW(read(f, BAD, 0)); SHOW(write(f, BAD, 0));
    SHOW(read(f, buffer, -1UL)); SHOW(write(f, buffer, -1UL));
    SHOW(read(99, buffer, 1)); SHOW(write(99, buffer, 1));
    int w = open("a", O_WRONLY), r = open("a", O_RDONLY);
    SHOW(read(w, buffer, 1)); SHOW(write(r, buffer, 1));
    close(w); close(r);

    puts("-- a buffer that ends in nothing");
    char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    memset(page, 'p', 4096);
    SHOW(ftruncate(f, 0)); SHOW(lseek(f, 0, SEEK_SET));
    SHOW(write(f, page + 4090, 20));
    SHOW(lseek(f, 0, SEEK_CUR));
    SHOW(pwrite(f, "0123456789abcdefghij", 20, 0));
    SHOW(lseek(f, 0, SEEK_SET));
    SHOW(read(f, page + 4090, 20));
    SHOW(lseek(f, 0, SEEK_CUR));

    puts("-- vectors");
    struct iovec v[3] = { { "one", 3 }, { "", 0 }, { "three", 5 } };
    SHOW(lseek(f, 0, SEEK_SET));
    SHOW(writev(f, v, 3));
    SHOW(writev(f, v, 0)); SHOW(writev(f, v, -1)); SHOW(writev(f, v, 1025)); SHOW(writev(f, BAD, 1));
    char one[4] = { 0 }, two[6] = { 0 };
    struct iovec in[2] = { { one, 3 }, { two, 5 } };
    SHOW(lseek(f, 0, SEEK_SET));
    SHOW(readv(f, in, 2)); printf("%s %s\n", one, two);
    in[1].iov_len = -1;
    SHOW(readv(f, in, 2));
    v[2].iov_base = BAD;
    SHOW(lseek(f, 0, SEEK_SET));
    SHOW(writev(f, v, 3));
    SHOW(pwritev(f, v, 1, 50)); SHOW(preadv(f, in, 1, 50));

    puts("-- append and truncate");
    int a = open("a", O_WRONLY | O_APPEND);
    SHOW(lseek(a, 0, SEEK_SET));
    SHOW(write(a, "END", 3));
    SHOW(lseek(a, 0, SEEK_CUR));
    SHOW(pwrite(a, "Z", 1, 0));
    show_stat("a");
    close(a);
    SHOW(truncate("a", 5)); show_stat("a");
    SHOW(truncate("a", 5000)); show_stat("a");
    SHOW(truncate("a", -1)); SHOW(truncate("missing", 0)); SHOW(truncate(".", 0)); SHOW(ftruncate(99, 0));
    r = open("a", O_RDONLY); SHOW(ftruncate(r, 0)); close(r);
    close(open("a", O_WRONLY | O_TRUNC)); show_stat("a");
    SHOW(fallocate(f, 0, 0, 10000)); show_stat("a");

    puts("-- modes and umask");
    printf("%o\n", umask(077)); printf("%o\n", umask(0777)); printf("%o\n", umask(027));
    close(open("m", O_CREAT | O_WRONLY, 0777)); show_stat("m");
    SHOW(mkdir("dir", 01777)); show_stat("dir");
    SHOW(chmod("m", 04755)); show_stat("m");
    SHOW(fchmod(f, 0)); show_stat("a");
    SHOW(chmod("missing", 0)); SHOW(fchmod(99, 0));
    SHOW(chown("m", 5, 6)); show_stat("m");
    SHOW(chown("m", -1, 7)); show_stat("m");
    SHOW(lchown("link", 8, 9)); show_stat("a");
    SHOW(access("m", F_OK)); SHOW(access("m", R_OK | W_OK | X_OK)); SHOW(access("a", X_OK)); SHOW(access("missing", F_OK)); SHOW(access("m", 99));
    SHOW(mknod("fifo", S_IFIFO | 0644, 0)); show_stat("fifo");
    SHOW(mknod("null", S_IFCHR | 0666, (1 << 8) | 3)); show_stat("null");
    int n = SHOW_OK(open("null", O_RDWR)); SHOW(write(n, "x", 1)); SHOW(read(n, buffer, 1)); SHOW(lseek(n, 5, SEEK_SET));

    puts("-- stat family");
    struct stat s;
    SHOW(lstat("link", &s)); printf("link: %o size %ld\n", s.st_mode, (long)s.st_size);
    SHOW(fstat(f, &s)); printf("%ld\n", (long)s.st_size);
    SHOW(fstat(99, &s)); SHOW(stat("missing", &s)); SHOW(syscall(SYS_stat, "a", BAD)); SHOW(syscall(SYS_fstat, f, BAD));
    SHOW(fstatat(AT_FDCWD, "", &s, AT_EMPTY_PATH)); SHOW(fstatat(f, "", &s, AT_EMPTY_PATH)); SHOW(fstatat(f, "x", &s, 0)); SHOW(fstatat(AT_FDCWD, "a", &s, 0x40000000));
    show_stat("/dev/null"); show_stat("/dev/zero"); show_stat("/");
    SHOW(stat("/dev/null", &s)); printf("rdev %x\n", (unsigned)s.st_rdev);

    puts("-- times");
    struct timespec t[2] = { { 1000, 5 }, { 2000, 6 } };
    SHOW(utimensat(AT_FDCWD, "a", t, 0));
    stat("a", &s); printf("%ld.%ld %ld.%ld\n", s.st_atim.tv_sec, s.st_atim.tv_nsec, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    t[0].tv_nsec = UTIME_OMIT; t[1].tv_sec = 3000;
    SHOW(utimensat(AT_FDCWD, "a", t, 0));
    stat("a", &s); printf("%ld %ld\n", s.st_atim.tv_sec, s.st_mtim.tv_sec);
    t[0].tv_nsec = 2000000000;
    SHOW(utimensat(AT_FDCWD, "a", t, 0));
    write(f, "x", 1); stat("a", &s); printf("modified now: %d\n", s.st_mtim.tv_sec != 3000);

    puts("-- duplicates and flags");
    int g = dup(f);
    SHOW(lseek(f, 7, SEEK_SET)); SHOW(lseek(g, 0, SEEK_CUR));
    SHOW(dup2(f, 50)); SHOW(dup2(f, f)); SHOW(dup2(99, 98)); SHOW(dup2(f, -1)); SHOW(dup2(f, 1 << 20)); SHOW(dup3(f, f, 0)); SHOW(dup3(f, 51, O_CLOEXEC)); SHOW(dup3(f, 52, 99)); SHOW(dup(99));
    SHOW(fcntl(51, F_GETFD)); SHOW(fcntl(50, F_GETFD)); SHOW(fcntl(50, F_SETFD, FD_CLOEXEC)); SHOW(fcntl(50, F_GETFD));
    SHOW(fcntl(f, F_DUPFD, 60)); SHOW(fcntl(f, F_DUPFD_CLOEXEC, 60)); SHOW(fcntl(f, F_DUPFD, -1)); SHOW(fcntl(f, F_DUPFD, 1 << 20));
    printf("flags %x\n", fcntl(f, F_GETFL) & ~0100000);
    SHOW(fcntl(f, F_SETFL, O_APPEND | O_NONBLOCK)); printf("flags %x\n", fcntl(g, F_GETFL) & ~0100000);
    SHOW(fcntl(f, F_SETFL, 0)); SHOW(fcntl(f, 12345)); SHOW(fcntl(99, F_GETFD));
    SHOW(syscall(SYS_close_range, 50, 61, 0)); SHOW(fcntl(50, F_GETFD));
    struct rlim { unsigned long a, b; } limit = { 20, 20 };
    SHOW(syscall(SYS_prlimit64, 0, 7, &limit, 0));
    int last = -1, next;
    while ((next = dup(f)) >= 0) last = next;
    printf("last descriptor %d %s\n", last, error_name(errno));
    return 0;
}
