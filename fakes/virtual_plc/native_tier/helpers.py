"""The C text before each program: the CPU, checks, arithmetic that S7 and C see differently, timers."""

from __future__ import annotations

from collections.abc import Iterable

from virtual_plc.code.c_text import C, c, c_literal
from virtual_plc.native_tier.forms import Record

_MACHINE = c_literal("""
#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

struct memory;
struct cpu {
    uint8_t *inputs, *outputs, *markers, *peripheral_inputs, *peripheral_outputs;
    struct memory *data;
    int64_t now, budget;
    int32_t depth, most_depth;
    int32_t (*look)(void);
    int32_t (*too_deep)(void);
    int32_t (*fault)(int32_t site, int64_t index, int64_t low, int64_t high);
    jmp_buf *escape;
};

static inline void leave(struct cpu *c, int32_t ended) { if (ended) longjmp(*c->escape, 1); }
static inline void spend(struct cpu *c) { if (__builtin_expect(--c->budget < 0, 0)) leave(c, c->look()); }
static inline void enter(struct cpu *c) {
    spend(c);
    if (__builtin_expect(++c->depth > c->most_depth, 0)) leave(c, c->too_deep());
}
static inline uint8_t within(struct cpu *c, int64_t index, int64_t low, int64_t high, int32_t site) {
    if (__builtin_expect(index >= low && index <= high, 1)) return 1;
    leave(c, c->fault(site, index, low, high));
    return 0;
}
static uint8_t absent(struct cpu *c, int32_t site) { leave(c, c->fault(site, 0, 0, 0)); return 0; }
static inline int64_t index_of(uint64_t index) { return index > INT64_MAX ? INT64_MAX : (int64_t)index; }
""")

_NUMBERS = c_literal("""
static inline double quotient(double a, double b) {
    if (b != 0) return a / b;
    return a == 0 || isnan(a) ? (double)NAN : copysign((double)INFINITY, a) * copysign(1.0, b);
}
static inline double power(double a, double b) { return a == 0 && b < 0 ? (double)INFINITY : pow(a, b); }
static inline uint64_t pattern(double whole) {
    double rest = fmod(fabs(whole), 18446744073709551616.0);
    return whole < 0 ? -(uint64_t)rest : (uint64_t)rest;
}
static inline uint64_t whole(double value) { return isfinite(value) ? pattern(value) : 0; }
static inline float real_of(uint32_t bits) { float value; memcpy(&value, &bits, 4); return value; }
static inline double lreal_of(uint64_t bits) { double value; memcpy(&value, &bits, 8); return value; }
static inline uint32_t bits_of(float value) { uint32_t bits; memcpy(&bits, &value, 4); return bits; }
static inline uint64_t long_bits_of(double value) { uint64_t bits; memcpy(&bits, &value, 8); return bits; }
static inline double fraction(double value) { double rest; return isfinite(value) ? modf(value, &rest) : (double)NAN; }
static inline double logarithm(double value) { return value > 0 ? log(value) : value == 0 ? -(double)INFINITY : (double)NAN; }
""")

_BYTES = c_literal("""
static inline uint8_t get_uint8_t(const uint8_t *p) { return *p; }
static inline void put_uint8_t(uint8_t *p, uint8_t value) { *p = value; }
static inline int8_t get_int8_t(const uint8_t *p) { return (int8_t)*p; }
static inline void put_int8_t(uint8_t *p, int8_t value) { *p = (uint8_t)value; }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BIG16 __builtin_bswap16
#define BIG32 __builtin_bswap32
#define BIG64 __builtin_bswap64
#else
#define BIG16
#define BIG32
#define BIG64
#endif
#define WIDE(T, U, BIG) \\
    static inline T get_##T(const uint8_t *p) { U u; T t; memcpy(&u, p, sizeof u); u = BIG(u); memcpy(&t, &u, sizeof t); return t; } \\
    static inline void put_##T(uint8_t *p, T t) { U u; memcpy(&u, &t, sizeof u); u = BIG(u); memcpy(p, &u, sizeof u); }
WIDE(int16_t, uint16_t, BIG16) WIDE(uint16_t, uint16_t, BIG16)
WIDE(int32_t, uint32_t, BIG32) WIDE(uint32_t, uint32_t, BIG32) WIDE(float, uint32_t, BIG32)
WIDE(int64_t, uint64_t, BIG64) WIDE(uint64_t, uint64_t, BIG64) WIDE(double, uint64_t, BIG64)
static inline void put_bit(uint8_t *p, int bit, uint8_t value) {
    *p = (uint8_t)((*p & ~(1u << bit)) | (unsigned)(value != 0) << bit);
}
""")

_WHOLE = c_literal("""
#define DIVISION(T, LEAST) \\
    static inline T divide_##T(T a, T b) { return b == 0 ? 0 : LEAST && b == (T)-1 ? (T)(0 - a) : (T)(a / b); } \\
    static inline T modulo_##T(T a, T b) { return b == 0 || (LEAST && b == (T)-1) ? 0 : (T)(a % b); }
DIVISION(int8_t, INT8_MIN) DIVISION(int16_t, INT16_MIN) DIVISION(int32_t, INT32_MIN) DIVISION(int64_t, INT64_MIN)
DIVISION(uint8_t, 0) DIVISION(uint16_t, 0) DIVISION(uint32_t, 0) DIVISION(uint64_t, 0)
#define ROTATION(T, BITS) \\
    static inline T rotate_##T(T a, unsigned n) { n %= BITS; return n ? (T)(a << n | a >> (BITS - n)) : a; }
ROTATION(uint8_t, 8) ROTATION(uint16_t, 16) ROTATION(uint32_t, 32) ROTATION(uint64_t, 64)
""")

_TIMER_STATE = c_literal("""
struct timer { int64_t start, before, unit; int8_t kind, held; };
enum { NO_TIMER, TON, TOF, TP, TONR };
""")

_TIMERS = c_literal("""
#define TIMER(S, T) \\
    static inline T preset_##S(T pt) { return pt > 0 ? pt : 0; } \\
    static inline int64_t elapsed_##S(struct S *t, int64_t now) { \\
        return (now - t->state.start + t->state.before) / t->state.unit; } \\
    static inline void stop_##S(struct S *t, T pt, uint8_t q) { \\
        t->m_IN = 0; t->m_PT = preset_##S(pt); memset(&t->state, 0, sizeof t->state); t->m_ET = 0; t->m_Q = q; } \\
    static inline void start_##S(struct S *t, T pt, int8_t kind, int64_t now, int64_t before, int64_t unit) { \\
        struct timer fresh = { now, before, unit, kind, 0 }; \\
        t->m_PT = preset_##S(pt); t->m_IN = 1; t->state = fresh; } \\
    static inline void refresh_##S(struct S *t, int64_t now) { \\
        if (!t->state.kind || t->state.held) return; \\
        int64_t elapsed = elapsed_##S(t, now); \\
        t->m_ET = elapsed < t->m_PT ? (T)elapsed : t->m_PT; \\
        if (t->state.kind == TON) t->m_Q = elapsed >= t->m_PT; \\
        else if (t->state.kind == TONR) t->m_Q = t->m_Q || elapsed >= t->m_PT; \\
        else t->m_Q = elapsed < t->m_PT; } \\
    static inline void TON_##S(struct S *t, int64_t now, uint8_t in, T pt, int64_t unit) { \\
        if (!in) { stop_##S(t, pt, 0); return; } \\
        if (!t->state.kind) start_##S(t, pt, TON, now, 0, unit); \\
        int64_t elapsed = (now - t->state.start) / unit; \\
        t->m_ET = elapsed < t->m_PT ? (T)elapsed : t->m_PT; t->m_Q = elapsed >= t->m_PT; } \\
    static inline void TP_##S(struct S *t, int64_t now, uint8_t in, T pt, int64_t unit) { \\
        uint8_t rising = in && !t->m_IN; \\
        t->m_IN = in; \\
        refresh_##S(t, now); \\
        if (t->state.kind && (t->m_Q || !rising)) { if (!t->m_Q && !in) stop_##S(t, pt, 0); return; } \\
        t->m_PT = preset_##S(pt); \\
        if (rising) { start_##S(t, pt, TP, now, 0, unit); t->m_ET = 0; t->m_Q = t->m_PT > 0; } } \\
    static inline void TOF_##S(struct S *t, int64_t now, uint8_t in, T pt, int64_t unit) { \\
        if (in) { stop_##S(t, pt, 1); t->m_IN = 1; return; } \\
        if (t->m_IN) { start_##S(t, pt, TOF, now, 0, unit); t->m_IN = 0; } \\
        if (!t->state.kind) { t->m_PT = preset_##S(pt); return; } \\
        int64_t elapsed = elapsed_##S(t, now); \\
        t->m_ET = elapsed < t->m_PT ? (T)elapsed : t->m_PT; t->m_Q = elapsed < t->m_PT; }
#define ACCUMULATOR(S, T) \\
    static inline void TONR_##S(struct S *t, int64_t now, uint8_t in, uint8_t r, T pt, int64_t unit) { \\
        t->m_R = r; \\
        if (r) { stop_##S(t, pt, 0); t->m_IN = in; return; } \\
        uint8_t running = t->state.kind && !t->state.held; \\
        if (!running) t->m_PT = preset_##S(pt); \\
        if (running) { \\
            refresh_##S(t, now); \\
            if (!in) { struct timer kept = { 0, now - t->state.start + t->state.before, unit, TONR, 1 }; t->state = kept; } \\
        } else if (in) { \\
            struct timer fresh = { now, t->state.kind ? t->state.before : 0, unit, TONR, 0 }; \\
            t->state = fresh; refresh_##S(t, now); } \\
        t->m_IN = in; }
""")

HEAD = (_MACHINE, _NUMBERS, _BYTES, _WHOLE, _TIMER_STATE, _TIMERS)


def definitions(records: Iterable[Record]) -> list[C]:
    """Return the C definitions of structures, each checked for the layout in Python, with their timer functions."""
    lines: list[C] = []
    for record in records:
        lines += [record.text(), c('_Static_assert(sizeof(struct {}) == {}, "size");', record.name, record.size)]
        duration = next((form.text for member, form, _ in record.members if member.name == "PT"), None)
        if record.state is not None and duration is not None:
            lines.append(c("TIMER({}, {})", record.name, duration))
            if "r" in record.structure.by_name:
                lines.append(c("ACCUMULATOR({}, {})", record.name, duration))
    return lines
