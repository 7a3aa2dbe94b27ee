// Counts of nanoseconds in log-linear buckets, none wider than 0.1 %.
#pragma once
#include <stdint.h>
#include <stdio.h>

enum { BUCKETS_PER_OCTAVE = 1024, OCTAVES = 54 };

typedef struct {
    uint64_t count, buckets[OCTAVES * BUCKETS_PER_OCTAVE];
    int64_t max;
    double sum;
} histogram;

static inline int bucket_of(int64_t ns) {
    if (ns < BUCKETS_PER_OCTAVE) return ns < 0 ? 0 : (int)ns;
    int shift = 63 - __builtin_clzll(ns) - 10;
    return (shift + 1) * BUCKETS_PER_OCTAVE + (int)((ns >> shift) - BUCKETS_PER_OCTAVE);
}

static inline int64_t middle_of(int bucket) {
    if (bucket < BUCKETS_PER_OCTAVE) return bucket;
    int shift = bucket / BUCKETS_PER_OCTAVE - 1;
    return ((int64_t)(bucket % BUCKETS_PER_OCTAVE + BUCKETS_PER_OCTAVE) << shift) + ((1LL << shift) >> 1);
}

static inline void histogram_add(histogram *h, int64_t ns) {
    h->count++;
    h->buckets[bucket_of(ns)]++;
    h->sum += ns;
    if (ns > h->max) h->max = ns;
}

static inline double quantile_us(const histogram *h, double q) {
    uint64_t wanted = (uint64_t)(q * h->count + 0.5), seen = 0;
    if (wanted < 1) wanted = 1;
    for (int i = 0; h->count && i < OCTAVES * BUCKETS_PER_OCTAVE; i++) {
        seen += h->buckets[i];
        if (seen >= wanted) return (middle_of(i) > h->max ? h->max : middle_of(i)) / 1e3;
    }
    return h->max / 1e3;
}

static inline void histogram_print(const char *name, const histogram *h) {
    printf(",\"%s_us\":{\"n\":%lu,\"mean\":%.1f,\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f}", name,
           (unsigned long)h->count, h->count ? h->sum / h->count / 1e3 : 0, quantile_us(h, .5), quantile_us(h, .9), quantile_us(h, .99),
           quantile_us(h, .999), h->max / 1e3);
}
