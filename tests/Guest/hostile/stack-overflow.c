/* Recurses until the stack is at its end. */
#include <stdio.h>

static int deeper(volatile int depth)
{
    volatile char frame[1000];
    frame[0] = depth;
    return deeper(depth + 1) + frame[0];
}

int main(void)
{
    printf("recursing\n");
    fflush(stdout);
    return deeper(0);
}
