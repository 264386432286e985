/* The functions of FMI 2.0 for one model. */
#include "model.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*Logger)(void *, const char *, int, const char *, const char *, ...);
typedef struct {
    Logger log;
    void *(*allocate)(size_t, size_t);
    void (*free)(void *);
    void (*step_finished)(void *, int);
    void *environment;
} Callbacks;

typedef struct {
    Model model;
    const Callbacks *callbacks;
    double last_time;
    int is_over;
} Instance;

static int complain(Instance *instance, const char *about) {
    instance->callbacks->log(instance->callbacks->environment, "test", 3, "error", "cannot do that: %s", about);
    return 3;
}

void *fmi2Instantiate(const char *name, int type, const char *token, const char *resources, const Callbacks *callbacks,
                      int visible, int logging) {
    (void)name, (void)visible, (void)logging;
    if (type != 1 || strcmp(token, model_token) != 0 || strncmp(resources, "file:///", 8) != 0) return NULL;
    Instance *instance = callbacks->allocate(1, sizeof(Instance));
    instance->callbacks = callbacks;
    model_begin(&instance->model);
    return instance;
}

void fmi2FreeInstance(Instance *instance) {
    instance->callbacks->free(instance);
}

int fmi2SetupExperiment(Instance *instance, int has_tolerance, double tolerance, double start, int has_stop, double stop) {
    (void)has_tolerance, (void)tolerance, (void)has_stop, (void)stop;
    instance->model.time = instance->last_time = start;
    return 0;
}

int fmi2EnterInitializationMode(Instance *instance) { return instance ? 0 : 3; }
int fmi2Terminate(Instance *instance) { return instance ? 0 : 3; }

int fmi2ExitInitializationMode(Instance *instance) {
    model_outputs(&instance->model);
    return 0;
}

int fmi2Reset(Instance *instance) {
    memset(&instance->model, 0, sizeof instance->model);
    model_begin(&instance->model);
    return 0;
}

#define ACCESS(NAME, TYPE, SLOT, BASE)                                                                     \
    int fmi2Get##NAME(Instance *instance, const unsigned *refs, size_t count, TYPE *values) {              \
        for (size_t i = 0; i < count; i++) {                                                               \
            if (refs[i] - (BASE) >= SLOTS) return complain(instance, "an unknown reference");              \
            values[i] = instance->model.SLOT[refs[i] - (BASE)];                                            \
        }                                                                                                  \
        return 0;                                                                                          \
    }                                                                                                      \
    int fmi2Set##NAME(Instance *instance, const unsigned *refs, size_t count, const TYPE *values) {        \
        for (size_t i = 0; i < count; i++) {                                                               \
            if (refs[i] - (BASE) >= SLOTS) return complain(instance, "an unknown reference");              \
            instance->model.SLOT[refs[i] - (BASE)] = values[i];                                            \
        }                                                                                                  \
        return 0;                                                                                          \
    }

ACCESS(Real, double, number, 0)
ACCESS(Integer, int, integer, INTEGERS)
ACCESS(Boolean, int, truth, BOOLEANS)

int fmi2SetString(Instance *instance, const unsigned *refs, size_t count, const char *const *values) {
    if (count != 1 || refs[0] != TEXT) return complain(instance, "an unknown reference");
    snprintf(instance->model.text, sizeof instance->model.text, "%s", values[0]);
    return 0;
}

int fmi2DoStep(Instance *instance, double time, double length, int never_goes_back) {
    (void)never_goes_back;
    enum answer answer = model_step(&instance->model, time, length);
    if (answer == FAILED) return complain(instance, "the step");
    if (answer == OVER) instance->is_over = 1;
    if (answer != DONE) return 2;
    instance->model.time = instance->last_time = time + length;
    model_outputs(&instance->model);
    return 0;
}

int fmi2GetBooleanStatus(Instance *instance, int kind, int *value) {
    *value = instance->is_over;
    return kind == 3 ? 0 : 2;
}

int fmi2GetRealStatus(Instance *instance, int kind, double *value) {
    *value = instance->last_time;
    return kind == 2 ? 0 : 2;
}

int fmi2GetFMUstate(Instance *instance, void **state) {
    if (!*state) *state = malloc(sizeof(Model));
    memcpy(*state, &instance->model, sizeof(Model));
    return 0;
}

int fmi2SetFMUstate(Instance *instance, void *state) {
    memcpy(&instance->model, state, sizeof(Model));
    return 0;
}

int fmi2FreeFMUstate(Instance *instance, void **state) {
    (void)instance;
    free(*state);
    *state = NULL;
    return 0;
}

int fmi2SerializedFMUstateSize(Instance *instance, void *state, size_t *size) {
    (void)instance, (void)state;
    *size = sizeof(Model);
    return 0;
}

int fmi2SerializeFMUstate(Instance *instance, void *state, char *bytes, size_t size) {
    (void)instance;
    memcpy(bytes, state, size);
    return 0;
}

int fmi2DeSerializeFMUstate(Instance *instance, const char *bytes, size_t size, void **state) {
    if (size != sizeof(Model)) return complain(instance, "a state of another size");
    *state = malloc(size);
    memcpy(*state, bytes, size);
    return 0;
}

const char *fmi2GetVersion(void) { return "2.0"; }
const char *fmi2GetTypesPlatform(void) { return "default"; }

/* FMPy wants all functions of the standard, though co-simulation of these models calls none of the others. */
#define ABSENT(NAME) int NAME(void) { return 3; }

ABSENT(fmi2CancelStep)
ABSENT(fmi2CompletedIntegratorStep)
ABSENT(fmi2EnterContinuousTimeMode)
ABSENT(fmi2EnterEventMode)
ABSENT(fmi2GetContinuousStates)
ABSENT(fmi2GetDerivatives)
ABSENT(fmi2GetDirectionalDerivative)
ABSENT(fmi2GetEventIndicators)
ABSENT(fmi2GetIntegerStatus)
ABSENT(fmi2GetNominalsOfContinuousStates)
ABSENT(fmi2GetRealOutputDerivatives)
ABSENT(fmi2GetStatus)
ABSENT(fmi2GetString)
ABSENT(fmi2GetStringStatus)
ABSENT(fmi2NewDiscreteStates)
ABSENT(fmi2SetContinuousStates)
ABSENT(fmi2SetDebugLogging)
ABSENT(fmi2SetRealInputDerivatives)
ABSENT(fmi2SetTime)
