/* A ball that bounces: flights are parabolas, impacts are located exactly, and it lies still when its bounces get too low. */
#include "model.h"
#include <math.h>

enum { HEIGHT, SPEED, RESTITUTION, GRAVITY };
enum { BOUNCES };
enum { RESTS };

const char *const model_token = "{ball-of-the-tests}";

void model_begin(Model *model) {
    model->number[HEIGHT] = 1.0;
    model->number[RESTITUTION] = 0.7;
    model->number[GRAVITY] = 9.81;
}

void model_outputs(Model *model) {
    (void)model;
}

enum answer model_step(Model *model, double time, double length) {
    (void)time;
    double g = model->number[GRAVITY], h = model->number[HEIGHT], v = model->number[SPEED];
    while (!model->truth[RESTS]) {
        double flight = (v + sqrt(v * v + 2 * g * h)) / g;
        if (flight > length) {
            h += v * length - g * length * length / 2;
            v -= g * length;
            break;
        }
        length -= flight;
        h = 0.0;
        v = model->number[RESTITUTION] * (g * flight - v);
        model->integer[BOUNCES]++;
        if (v < 0.05) {
            model->truth[RESTS] = 1;
            v = 0.0;
        }
    }
    model->number[HEIGHT] = h;
    model->number[SPEED] = v;
    return DONE;
}
