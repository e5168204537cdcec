/* A tenth of endurance.c, for a machine that differs little from one that runs the whole. */
#define CALLS 1000000L
#define FORKS 200
#include "endurance.h"
