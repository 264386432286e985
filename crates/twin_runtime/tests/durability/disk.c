/* A disk that forgets and refuses, for the durability tests: preloaded into a recorder.
 *
 * DISK_LIVE    folder whose files are watched
 * DISK_SHADOW  folder that gets what fsync and fdatasync made safe, and nothing else: what a disk would hold if the
 *              power went now. Names go (unlink, rename) at once. A flush that fails makes nothing safe and forgets
 *              what it should have written, as Linux does.
 * DISK_FAULT   CALL:N:HOW:ERRNO, CALL one of write, sync, open; the N-th such call on a watched file fails, HOW once,
 *              or with every later one (stuck); ERRNO as a number
 * DISK_SLOW_MS every flush of a watched file takes so much longer
 * DISK_WHILE   faults and slowness are there only while this file is
 *
 * It sees the calls of the C library, which is what SQLite and Rust's standard library use; mapped memory (SQLite's
 * -shm, which is made anew after a crash) is not watched.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILES = 512, HANDLES = 1024 };
enum call { CALL_WRITE, CALL_SYNC, CALL_OPEN, CALLS };

struct range { off_t from, to; };
struct file {
    char name[256]; /* below the watched folder; empty for a free place */
    int handles;
    struct range *dirty;
    size_t count, room;
    int resized;
};

static const char *const CALL_NAMES[CALLS] = {"write", "sync", "open"};

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);
static int (*real_access)(const char *, int);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char live[PATH_MAX], shadow[PATH_MAX], fault_while[PATH_MAX];
static struct file files[FILES];
static struct file *of_handle[HANDLES];
static long calls[CALLS];
static int fault_call = -1, fault_stuck, fault_errno, fault_told, slow_ms;
static long fault_at;

static void say(const char *what, long number) {
    char line[128];
    int length = snprintf(line, sizeof line, "disk: %s %ld\n", what, number);
    if (length > 0 && real_write(2, line, (size_t)length) < 0) { /* nobody listens */ }
}

static void copy_text(char *to, size_t room, const char *name) {
    const char *text = getenv(name);
    snprintf(to, room, "%s", text ? text : "");
}

__attribute__((constructor)) static void begin(void) {
    real_open = dlsym(RTLD_NEXT, "open");
    real_openat = dlsym(RTLD_NEXT, "openat");
    real_close = dlsym(RTLD_NEXT, "close");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_pread = dlsym(RTLD_NEXT, "pread64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_access = dlsym(RTLD_NEXT, "access");
    copy_text(live, sizeof live, "DISK_LIVE");
    copy_text(shadow, sizeof shadow, "DISK_SHADOW");
    copy_text(fault_while, sizeof fault_while, "DISK_WHILE");
    const char *slow = getenv("DISK_SLOW_MS");
    slow_ms = slow ? atoi(slow) : 0;
    const char *fault = getenv("DISK_FAULT");
    char call[16] = "", how[16] = "";
    if (fault && sscanf(fault, "%15[a-z]:%ld:%15[a-z]:%d", call, &fault_at, how, &fault_errno) == 4) {
        for (int i = 0; i < CALLS; i++)
            if (!strcmp(call, CALL_NAMES[i])) fault_call = i;
        fault_stuck = !strcmp(how, "stuck");
    }
}

static int is_on(void) { return !fault_while[0] || real_access(fault_while, F_OK) == 0; }

/* Counts a call on a watched file; true when it is to fail. Called with the lock held. */
static int fails(enum call call) {
    long number = ++calls[call];
    if (fault_call != (int)call || number < fault_at || (!fault_stuck && number > fault_at) || !is_on()) return 0;
    if (!fault_told++) say(CALL_NAMES[call], number);
    errno = fault_errno;
    return 1;
}

static const char *below_live(const char *path) {
    size_t length = strlen(live);
    if (!length || strncmp(path, live, length) || path[length] != '/') return NULL;
    const char *name = path + length + 1;
    return *name && !strchr(name, '/') && strlen(name) < sizeof files[0].name ? name : NULL;
}

static struct file *find(const char *name, int make) {
    struct file *free_place = NULL;
    for (int i = 0; i < FILES; i++) {
        if (!strcmp(files[i].name, name)) return &files[i];
        if (!free_place && !files[i].name[0]) free_place = &files[i];
    }
    if (!make) return NULL;
    if (!free_place) { say("has no room for another file", FILES); abort(); }
    snprintf(free_place->name, sizeof free_place->name, "%s", name);
    return free_place;
}

static struct file *watched(int fd) { return fd >= 0 && fd < HANDLES ? of_handle[fd] : NULL; }

static void forget(struct file *file) {
    file->count = 0;
    file->resized = 0;
}

static void soil(struct file *file, off_t from, off_t to) {
    if (file->count && file->dirty[file->count - 1].to == from) {
        file->dirty[file->count - 1].to = to;
        return;
    }
    if (file->count == file->room) {
        file->room = file->room ? 2 * file->room : 64;
        file->dirty = realloc(file->dirty, file->room * sizeof *file->dirty);
        if (!file->dirty) abort();
    }
    file->dirty[file->count++] = (struct range){from, to};
}

static void shadow_path(char *path, size_t room, const char *name) {
    if (snprintf(path, room, "%s/%s", shadow, name) >= (int)room) abort();
}

/* Brings what was written since the last flush into the shadow. */
static void keep(struct file *file, int fd) {
    struct stat now;
    if (!shadow[0]) return forget(file);
    char path[PATH_MAX], block[65536];
    shadow_path(path, sizeof path, file->name);
    int to = real_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (to < 0 || fstat(fd, &now)) { say("cannot keep its shadow", errno); abort(); }
    for (size_t i = 0; i < file->count; i++) {
        for (off_t at = file->dirty[i].from; at < file->dirty[i].to;) {
            size_t most = (size_t)(file->dirty[i].to - at);
            ssize_t got = real_pread(fd, block, most < sizeof block ? most : sizeof block, at);
            if (got <= 0) break; /* cut off since */
            if (real_pwrite(to, block, (size_t)got, at) != got) { say("cannot keep its shadow", errno); abort(); }
            at += got;
        }
    }
    if (file->resized && real_ftruncate(to, now.st_size)) abort();
    real_close(to);
    forget(file);
}

static int opened(int fd, const char *name, int flags) {
    if (fd < 0) return fd;
    if (fd >= HANDLES) { say("has no room for handle", fd); abort(); }
    struct file *file = find(name, 1);
    of_handle[fd] = file;
    file->handles++;
    if (flags & O_TRUNC) file->resized = 1;
    return fd;
}

static int open_watched(int folder, const char *path, int flags, mode_t mode) {
    const char *name = below_live(path);
    if (!name) return folder == AT_FDCWD ? real_open(path, flags, mode) : real_openat(folder, path, flags, mode);
    pthread_mutex_lock(&lock);
    int fd = fails(CALL_OPEN) ? -1 : opened(real_open(path, flags, mode), name, flags);
    pthread_mutex_unlock(&lock);
    return fd;
}

static mode_t mode_of(int flags, va_list args) { return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(args, int) : 0; }

#define OPEN(NAME)                                        \
    int NAME(const char *path, int flags, ...) {          \
        va_list args;                                     \
        va_start(args, flags);                            \
        mode_t mode = mode_of(flags, args);               \
        va_end(args);                                     \
        return open_watched(AT_FDCWD, path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(NAME)                                       \
    int NAME(int folder, const char *path, int flags, ...) { \
        va_list args;                                      \
        va_start(args, flags);                             \
        mode_t mode = mode_of(flags, args);                \
        va_end(args);                                      \
        return open_watched(folder, path, flags, mode);    \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    pthread_mutex_lock(&lock);
    struct file *file = watched(fd);
    if (file) {
        of_handle[fd] = NULL;
        file->handles--;
    }
    int done = real_close(fd);
    pthread_mutex_unlock(&lock);
    return done;
}

static ssize_t write_watched(struct file *file, int fd, const void *data, size_t size, off_t at, int moves) {
    if (fails(CALL_WRITE)) return -1;
    ssize_t done = moves ? real_write(fd, data, size) : real_pwrite(fd, data, size, at);
    if (done > 0) soil(file, at, at + done);
    return done;
}

ssize_t write(int fd, const void *data, size_t size) {
    if (!watched(fd)) return real_write(fd, data, size);
    pthread_mutex_lock(&lock);
    struct file *file = watched(fd);
    ssize_t done = file ? write_watched(file, fd, data, size, lseek(fd, 0, SEEK_CUR), 1) : real_write(fd, data, size);
    pthread_mutex_unlock(&lock);
    return done;
}

#define PWRITE(NAME)                                                                                              \
    ssize_t NAME(int fd, const void *data, size_t size, off_t at) {                                               \
        pthread_mutex_lock(&lock);                                                                                \
        struct file *file = watched(fd);                                                                          \
        ssize_t done = file ? write_watched(file, fd, data, size, at, 0) : real_pwrite(fd, data, size, at);        \
        pthread_mutex_unlock(&lock);                                                                              \
        return done;                                                                                              \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

#define FTRUNCATE(NAME)                        \
    int NAME(int fd, off_t size) {             \
        pthread_mutex_lock(&lock);             \
        struct file *file = watched(fd);       \
        int done = real_ftruncate(fd, size);   \
        if (file && !done) file->resized = 1;  \
        pthread_mutex_unlock(&lock);           \
        return done;                           \
    }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

/* The disk itself is not asked: the shadow is the disk. */
static int flush(int fd, int (*real)(int)) {
    if (!watched(fd)) return real(fd);
    if (slow_ms && is_on()) {
        struct timespec wait = {slow_ms / 1000, (long)(slow_ms % 1000) * 1000000L};
        nanosleep(&wait, NULL);
    }
    pthread_mutex_lock(&lock);
    struct file *file = watched(fd);
    int done = 0;
    if (file && fails(CALL_SYNC)) {
        forget(file);
        done = -1;
    } else if (file) {
        keep(file, fd);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    return flush(fd, real);
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    return flush(fd, real);
}

int unlink(const char *path) {
    const char *name = below_live(path);
    if (!name) return real_unlink(path);
    char kept[PATH_MAX];
    pthread_mutex_lock(&lock);
    int done = real_unlink(path);
    if (!done) {
        /* A name that comes again is another file. */
        struct file *file = find(name, 0);
        if (file) {
            for (int i = 0; i < HANDLES; i++)
                if (of_handle[i] == file) of_handle[i] = NULL;
            forget(file);
            file->handles = 0;
            file->name[0] = 0;
        }
        if (shadow[0]) {
            shadow_path(kept, sizeof kept, name);
            real_unlink(kept);
        }
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int rename(const char *from, const char *to) {
    const char *old = below_live(from), *name = below_live(to);
    char kept_old[PATH_MAX], kept[PATH_MAX];
    pthread_mutex_lock(&lock);
    int done = real_rename(from, to);
    if (!done && old && name) {
        struct file *file = find(old, 0), *gone = find(name, 0);
        if (gone) gone->name[0] = 0;
        if (file) snprintf(file->name, sizeof file->name, "%s", name);
        if (shadow[0]) {
            shadow_path(kept_old, sizeof kept_old, old);
            shadow_path(kept, sizeof kept, name);
            real_rename(kept_old, kept);
        }
    }
    pthread_mutex_unlock(&lock);
    return done;
}
