/* The functions of FMI 3.0 for one model. */
#include "model.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*Logger)(void *, int, const char *, const char *);

typedef struct {
    Model model;
    Logger log;
    void *environment;
} Instance;

static int complain(Instance *instance, const char *about) {
    char message[100];
    snprintf(message, sizeof message, "cannot do that: %s", about);
    instance->log(instance->environment, 3, "error", message);
    return 3;
}

void *fmi3InstantiateCoSimulation(const char *name, const char *token, const char *resources, bool visible, bool logging, bool events,
                                  bool early, const uint32_t *variables, size_t count, void *environment, Logger log, void *update) {
    (void)name, (void)visible, (void)logging, (void)variables, (void)update;
    size_t length = strlen(resources);
    if (strcmp(token, model_token) != 0 || events || early || count || !length || resources[length - 1] != '/') return NULL;
    Instance *instance = calloc(1, sizeof(Instance));
    instance->log = log;
    instance->environment = environment;
    model_begin(&instance->model);
    return instance;
}

void fmi3FreeInstance(Instance *instance) { free(instance); }

int fmi3EnterInitializationMode(Instance *instance, bool has_tolerance, double tolerance, double start, bool has_stop, double stop) {
    (void)has_tolerance, (void)tolerance, (void)has_stop, (void)stop;
    instance->model.time = start;
    return 0;
}

int fmi3ExitInitializationMode(Instance *instance) {
    model_outputs(&instance->model);
    return 0;
}

int fmi3Terminate(Instance *instance) { return instance ? 0 : 3; }

int fmi3Reset(Instance *instance) {
    memset(&instance->model, 0, sizeof instance->model);
    model_begin(&instance->model);
    return 0;
}

#define ACCESS(NAME, TYPE, SLOT, BASE)                                                                                    \
    int fmi3Get##NAME(Instance *instance, const uint32_t *refs, size_t count, TYPE *values, size_t value_count) {         \
        if (value_count != count) return complain(instance, "a wrong count");                                             \
        for (size_t i = 0; i < count; i++) {                                                                              \
            if (refs[i] - (BASE) >= SLOTS) return complain(instance, "an unknown reference");                             \
            values[i] = (TYPE)instance->model.SLOT[refs[i] - (BASE)];                                                     \
        }                                                                                                                 \
        return 0;                                                                                                         \
    }                                                                                                                     \
    int fmi3Set##NAME(Instance *instance, const uint32_t *refs, size_t count, const TYPE *values, size_t value_count) {   \
        if (value_count != count) return complain(instance, "a wrong count");                                             \
        for (size_t i = 0; i < count; i++) {                                                                              \
            if (refs[i] - (BASE) >= SLOTS) return complain(instance, "an unknown reference");                             \
            instance->model.SLOT[refs[i] - (BASE)] = values[i];                                                           \
        }                                                                                                                 \
        return 0;                                                                                                         \
    }

ACCESS(Float64, double, number, 0)
ACCESS(Float32, float, number, 0)
ACCESS(Int8, int8_t, integer, INTEGERS)
ACCESS(UInt8, uint8_t, integer, INTEGERS)
ACCESS(Int16, int16_t, integer, INTEGERS)
ACCESS(UInt16, uint16_t, integer, INTEGERS)
ACCESS(Int32, int32_t, integer, INTEGERS)
ACCESS(UInt32, uint32_t, integer, INTEGERS)
ACCESS(Int64, int64_t, integer, INTEGERS)
ACCESS(UInt64, uint64_t, integer, INTEGERS)
ACCESS(Boolean, bool, truth, BOOLEANS)

int fmi3SetString(Instance *instance, const uint32_t *refs, size_t count, const char *const *values, size_t value_count) {
    if (count != 1 || value_count != 1 || refs[0] != TEXT) return complain(instance, "an unknown reference");
    snprintf(instance->model.text, sizeof instance->model.text, "%s", values[0]);
    return 0;
}

int fmi3DoStep(Instance *instance, double time, double length, bool never_goes_back, bool *event, bool *ends, bool *early,
               double *last_time) {
    (void)never_goes_back;
    *event = *ends = *early = false;
    *last_time = time;
    enum answer answer = model_step(&instance->model, time, length);
    if (answer == FAILED) return complain(instance, "the step");
    if (answer == NOT_DONE) return 2;
    if (answer == OVER) {
        *ends = true;
        return 0;
    }
    instance->model.time = *last_time = time + length;
    model_outputs(&instance->model);
    return 0;
}

int fmi3GetFMUState(Instance *instance, void **state) {
    if (!*state) *state = malloc(sizeof(Model));
    memcpy(*state, &instance->model, sizeof(Model));
    return 0;
}

int fmi3SetFMUState(Instance *instance, void *state) {
    memcpy(&instance->model, state, sizeof(Model));
    return 0;
}

int fmi3FreeFMUState(Instance *instance, void **state) {
    (void)instance;
    free(*state);
    *state = NULL;
    return 0;
}

int fmi3SerializedFMUStateSize(Instance *instance, void *state, size_t *size) {
    (void)instance, (void)state;
    *size = sizeof(Model);
    return 0;
}

int fmi3SerializeFMUState(Instance *instance, void *state, uint8_t *bytes, size_t size) {
    (void)instance;
    memcpy(bytes, state, size);
    return 0;
}

int fmi3DeserializeFMUState(Instance *instance, const uint8_t *bytes, size_t size, void **state) {
    if (size != sizeof(Model)) return complain(instance, "a state of another size");
    *state = malloc(size);
    memcpy(*state, bytes, size);
    return 0;
}

const char *fmi3GetVersion(void) { return "3.0"; }

/* FMPy wants all functions of the standard, though co-simulation of these models calls none of the others. */
#define ABSENT(NAME) int NAME(void) { return 3; }

ABSENT(fmi3ActivateModelPartition)
ABSENT(fmi3CompletedIntegratorStep)
ABSENT(fmi3EnterConfigurationMode)
ABSENT(fmi3EnterContinuousTimeMode)
ABSENT(fmi3EnterEventMode)
ABSENT(fmi3EnterStepMode)
ABSENT(fmi3EvaluateDiscreteStates)
ABSENT(fmi3ExitConfigurationMode)
ABSENT(fmi3GetAdjointDerivative)
ABSENT(fmi3GetBinary)
ABSENT(fmi3GetClock)
ABSENT(fmi3GetContinuousStateDerivatives)
ABSENT(fmi3GetContinuousStates)
ABSENT(fmi3GetDirectionalDerivative)
ABSENT(fmi3GetEventIndicators)
ABSENT(fmi3GetIntervalDecimal)
ABSENT(fmi3GetIntervalFraction)
ABSENT(fmi3GetNominalsOfContinuousStates)
ABSENT(fmi3GetNumberOfContinuousStates)
ABSENT(fmi3GetNumberOfEventIndicators)
ABSENT(fmi3GetNumberOfVariableDependencies)
ABSENT(fmi3GetOutputDerivatives)
ABSENT(fmi3GetShiftDecimal)
ABSENT(fmi3GetShiftFraction)
ABSENT(fmi3GetString)
ABSENT(fmi3GetVariableDependencies)
ABSENT(fmi3InstantiateModelExchange)
ABSENT(fmi3InstantiateScheduledExecution)
ABSENT(fmi3SetBinary)
ABSENT(fmi3SetClock)
ABSENT(fmi3SetContinuousStates)
ABSENT(fmi3SetDebugLogging)
ABSENT(fmi3SetIntervalDecimal)
ABSENT(fmi3SetIntervalFraction)
ABSENT(fmi3SetShiftDecimal)
ABSENT(fmi3SetShiftFraction)
ABSENT(fmi3SetTime)
ABSENT(fmi3UpdateDiscreteStates)
