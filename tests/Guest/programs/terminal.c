/* Terminal calls on what is not a terminal, and devices. */
#include "show.h"
#include <sys/ioctl.h>
#include <termios.h>

int main(void)
{
    struct termios t; struct winsize w; char buffer[16]; int n;
    int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR), full = open("/dev/full", O_RDWR), random = open("/dev/urandom", O_RDWR);
    SHOW(isatty(null)); SHOW(tcgetattr(null, &t)); SHOW(ioctl(null, TIOCGWINSZ, &w)); SHOW(tcgetpgrp(null)); SHOW(ioctl(99, TIOCGWINSZ, &w)); SHOW(ioctl(null, 0x12345678, &n));
    int file = open("file", O_CREAT | O_RDWR, 0600); SHOW(isatty(file)); SHOW(ioctl(file, TIOCGWINSZ, &w)); SHOW(ioctl(file, FIONREAD, &n)); SHOW(ioctl(file, FIONBIO, &n)); SHOW(ioctl(file, FIOCLEX)); SHOW(fcntl(file, F_GETFD)); SHOW(ioctl(file, FIONCLEX)); SHOW(fcntl(file, F_GETFD));
    SHOW(read(null, buffer, 10)); SHOW(write(null, buffer, 10)); memset(buffer, 1, 16); SHOW(read(zero, buffer, 10)); printf("%d %d\n", buffer[9], buffer[10]); SHOW(write(zero, buffer, 10)); SHOW(read(full, buffer, 10)); SHOW(write(full, buffer, 10)); SHOW(write(full, buffer, 0)); SHOW(read(random, buffer, 16)); SHOW(write(random, buffer, 4)); SHOW(lseek(zero, 10, SEEK_SET)); SHOW(lseek(null, -5, SEEK_SET));
    char one[32], two[32]; read(random, one, 32); read(random, two, 32); printf("random differs %d\n", memcmp(one, two, 32) != 0); SHOW(syscall(SYS_getrandom, one, 32, 0)); SHOW(syscall(SYS_getrandom, one, 32, 99)); SHOW(syscall(SYS_getrandom, one, 0, 0));
    SHOW_OK((long)mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0)); SHOW((long)mmap(0, 4096, PROT_READ, MAP_PRIVATE, null, 0));
    struct stat s; const char *names[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/console" };
    for (int i = 0; i < 7; i++) { int r = stat(names[i], &s); printf("%s %d type %o device %x\n", names[i], r, s.st_mode & S_IFMT, (unsigned)s.st_rdev); }
    return 0;
}
