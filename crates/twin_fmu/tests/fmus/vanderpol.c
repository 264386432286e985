/* Van der Pol's oscillator with the classical Runge-Kutta method and steps of at most 1 ms; u is added to the acceleration. */
#include "model.h"
#include <math.h>

enum { U, X, V, MU };

const char *const model_token = "{vanderpol-of-the-tests}";

void model_begin(Model *model) {
    model->number[X] = 2.0;
    model->number[MU] = 1.0;
}

void model_outputs(Model *model) {
    (void)model;
}

static double acceleration(const Model *model, double x, double v) {
    return model->number[MU] * (1.0 - x * x) * v - x + model->number[U];
}

enum answer model_step(Model *model, double time, double length) {
    (void)time;
    int count = (int)ceil(length / 1e-3 - 1e-9);
    double h = length / count, x = model->number[X], v = model->number[V];
    for (int step = 0; step < count; step++) {
        double x1 = v, v1 = acceleration(model, x, v);
        double x2 = v + h / 2 * v1, v2 = acceleration(model, x + h / 2 * x1, v + h / 2 * v1);
        double x3 = v + h / 2 * v2, v3 = acceleration(model, x + h / 2 * x2, v + h / 2 * v2);
        double x4 = v + h * v3, v4 = acceleration(model, x + h * x3, v + h * v3);
        x += h / 6 * (x1 + 2 * x2 + 2 * x3 + x4);
        v += h / 6 * (v1 + 2 * v2 + 2 * v3 + v4);
    }
    model->number[X] = x;
    model->number[V] = v;
    return DONE;
}
