/* What a model of the tests is: a few numbers, a beginning and a step. fmi2.c and fmi3.c give it the functions of a standard. */
#ifndef MODEL_H
#define MODEL_H

#define SLOTS 16

/* Value references: floats from 0, integers from 100, truth values from 200, the text 300. */
#define INTEGERS 100
#define BOOLEANS 200
#define TEXT 300

enum answer { DONE = 0, NOT_DONE = 2, FAILED = 3, OVER = 100 };

typedef struct {
    double time;
    double number[SLOTS];
    int integer[SLOTS];
    int truth[SLOTS];
    char text[64];
} Model;

extern const char *const model_token;
void model_begin(Model *model);
/* Called at the end of the initialisation and after each step. */
void model_outputs(Model *model);
enum answer model_step(Model *model, double time, double length);
#endif
