/* First-order lag, solved exactly, that can also misbehave in every way the tests need. */
#include "model.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { U, Y, T };                    /* floats: input, output, time constant */
enum { N, DOUBLED, LENGTH, MISDEED }; /* integers */
enum { B, NOT_B };                   /* truth values */

enum misdeed { NONE, CRASH, HANG, PRINT, LEAVE, FAIL, DISCARD, END, NOT_A_NUMBER, HANG_AT_START, CLOSE_PIPES };

const char *const model_token = "{lag-of-the-tests}";

void model_begin(Model *model) {
    model->number[T] = 1.0;
}

void model_outputs(Model *model) {
    model->integer[DOUBLED] = 2 * model->integer[N];
    model->integer[LENGTH] = (int)strlen(model->text);
    model->truth[NOT_B] = !model->truth[B];
    if (model->integer[MISDEED] == HANG_AT_START) for (;;) pause();
}

enum answer model_step(Model *model, double time, double length) {
    switch (model->integer[MISDEED]) {
    case CRASH: {
        volatile int *volatile nowhere = 0;
        fprintf(stderr, "about to crash\n");
        *nowhere = 1;
        break;
    }
    case HANG: for (;;) pause();
    case PRINT:
        for (int line = 0; line < 3000; line++) printf("the pump runs, says the FMU, in line %d\n", line);
        fflush(stdout);
        break;
    case LEAVE: exit(3);
    case FAIL: return FAILED;
    case DISCARD: if (length > 0.5) return NOT_DONE; break;
    case END: if (time + length > 1.05) return OVER; break;
    case NOT_A_NUMBER: model->number[Y] = NAN; return DONE;
    case CLOSE_PIPES: for (int file = 0; file < 64; file++) close(file); for (;;) pause();
    default: break;
    }
    model->number[Y] += (model->number[U] - model->number[Y]) * -expm1(-length / model->number[T]);
    return DONE;
}
