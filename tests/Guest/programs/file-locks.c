/* flock and fcntl locks between processes. */
#include "show.h"
#include <sys/file.h>

int main(void)
{
    int f = open("f", O_CREAT | O_RDWR, 0600), g = open("f", O_RDWR);
    SHOW(flock(f, LOCK_EX)); SHOW(flock(g, LOCK_EX | LOCK_NB)); SHOW(flock(f, LOCK_SH)); SHOW(flock(g, LOCK_SH | LOCK_NB)); SHOW(flock(f, LOCK_UN)); SHOW(flock(g, LOCK_EX | LOCK_NB)); SHOW(flock(99, LOCK_EX)); SHOW(flock(f, 77)); close(g); SHOW(flock(f, LOCK_EX | LOCK_NB));
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 10 };
    SHOW(fcntl(f, F_SETLK, &lock));
    fflush(stdout);
    if (fork() == 0) {
        struct flock other = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 15, .l_len = 1 };
        SHOW(fcntl(f, F_SETLK, &other)); SHOW(fcntl(f, F_GETLK, &other)); printf("held %d from %ld for %ld by parent %d\n", other.l_type, (long)other.l_start, (long)other.l_len, other.l_pid == getppid());
        other = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 20, .l_len = 0 }; SHOW(fcntl(f, F_SETLK, &other)); _exit(0);
    }
    wait(0);
    lock.l_type = F_UNLCK; lock.l_start = 12; lock.l_len = 2; SHOW(fcntl(f, F_SETLK, &lock));
    fflush(stdout);
    if (fork() == 0) { struct flock other = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 12, .l_len = 2 }; SHOW(fcntl(f, F_SETLK, &other)); other.l_start = 11; SHOW(fcntl(f, F_SETLK, &other)); _exit(0); }
    wait(0);
    lock.l_type = 9; SHOW(fcntl(f, F_SETLK, &lock)); SHOW(fcntl(f, F_SETLK, BAD)); SHOW(fcntl(99, F_SETLK, &lock));
    return 0;
}
