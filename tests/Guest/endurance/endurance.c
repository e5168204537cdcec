/* Ten million system calls and two thousand forks. */
#define CALLS 10000000L
#define FORKS 2000
#include "endurance.h"
