// A binary heap of connections by the moment they are due.
#include "mock.h"

static void swap(worker *w, int a, int b) {
    conn *t = w->heap[a];
    w->heap[a] = w->heap[b];
    w->heap[b] = t;
    w->heap[a]->slot = a;
    w->heap[b]->slot = b;
}

static void up(worker *w, int i) {
    while (i && w->heap[(i - 1) / 2]->due > w->heap[i]->due) {
        swap(w, i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

static void down(worker *w, int i) {
    for (;;) {
        int left = 2 * i + 1, least = i;
        if (left < w->count && w->heap[left]->due < w->heap[least]->due) least = left;
        if (left + 1 < w->count && w->heap[left + 1]->due < w->heap[least]->due) least = left + 1;
        if (least == i) return;
        swap(w, i, least);
        i = least;
    }
}

void timer_clear(worker *w, conn *c) {
    int i = c->slot;
    if (i < 0) return;
    c->slot = -1;
    w->count--;
    if (i == w->count) return;
    w->heap[i] = w->heap[w->count];
    w->heap[i]->slot = i;
    up(w, i);
    down(w, w->heap[i]->slot);
}

void timer_set(worker *w, conn *c, int64_t due) {
    timer_clear(w, c);
    if (w->count == w->capacity) {
        w->capacity = w->capacity ? w->capacity * 2 : 1024;
        w->heap = realloc(w->heap, w->capacity * sizeof *w->heap);
    }
    c->due = due;
    c->slot = w->count;
    w->heap[w->count++] = c;
    up(w, c->slot);
}
