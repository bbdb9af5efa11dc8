/*
 * The kernel's search of 2- to 4-hop cycles, written in C as its yardstick:
 *
 *     gcc -O3 -march=native kernel.c -lm -o kernel
 *     kernel GRAPH
 *
 * A swap along an edge pays r·x / (1 + n·x) for x; two swaps compose to
 * r = r1·r2 and n = n1 + r1·n2. A cycle B → d → c → d' → B pays iff r > 1, most
 * at x = (√r - 1) / n, where it gains (√r - 1)² / n.
 *
 * Cycles are not walked one by one. For each middle token c the legs between
 * c and the base B are slots k = (edge c–d, edge d–B) with two f32 rates,
 * out[k] of B → d → c and back[k] of c → d → B. A pair (i, j) with
 * out[i]·back[j] > 1 needs one that is out of the ordinary, and a token whose
 * greatest two do not make it has none. The few tokens that are left have their
 * legs computed in f64, and each extraordinary leg is joined with all others.
 *
 * GRAPH is little endian: i32 tokenCount, edgeCount; i32 rowStart[tokens + 1],
 * baseEnd[tokens], to[edges], pool[edges]; then, from the next multiple of 8,
 * f64 r[edges], n[edges]. Edges are sorted by token, neighbour and pool, the
 * base is token 0.
 *
 * Commands on standard input: `time MS` scans for so many milliseconds and
 * prints the nanoseconds of each scan in a line; `show` scans once and prints
 * the number of profitable cycles, the sum of their profits and of their inputs.
 */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HIT_CAPACITY = 1 << 20, LANES = 16, MEDIAN_OF = 9 };

/* The screen is in f32: what it lets through may be this much too low. */
static const float SLACK = 1e-6f;

static int tokenCount, edgeCount;
static const int *rowStart, *baseEnd, *to, *pool;
static const double *r, *n;

/* Legs: slots of token c are legStart[c] … legStart[c + 1]. Topology is built
 * once, rates are taken anew by every scan. */
static int *legStart;
static int *middle;                   /* d */
static int *outFirst, *outSecond;     /* edges B → d, d → c */
static int *backFirst, *backSecond;   /* edges c → d, d → B */
static int *reverse;                  /* by edge: the pool's other direction */
static float *outRate, *backRate;
static float *rateF;                  /* by edge: r in f32, part of a pool's state like r */

/* Slots of the token at hand that are out of the ordinary. */
static int *hotOut, *hotBack;

/* The legs of the token at hand in f64. */
typedef struct {
  double *r, *n;
} Legs;
static Legs outLegs, backLegs;

static int hitCount;
static double *hitR, *hitN, *hitInput, *hitProfit;
static int *hitOut, *hitBack; /* slots of the two legs; -1 - edge in place of a leg */

static void *allocate(size_t count, size_t size) {
  size_t bytes = (count * size + 255) & ~(size_t)63;
  void *memory = aligned_alloc(64, bytes);
  if (!memory) {
    fprintf(stderr, "out of memory\n");
    exit(1);
  }
  memset(memory, 0, bytes);
  return memory;
}

/* ---- once per graph ------------------------------------------------------ */

static void readGraph(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) {
    perror(path);
    exit(1);
  }
  size_t bytes = (size_t)ftell(file);
  rewind(file);
  char *data = allocate(bytes, 1);
  if (fread(data, 1, bytes, file) != bytes) {
    perror(path);
    exit(1);
  }
  fclose(file);
  const int *ints = (const int *)data;
  tokenCount = ints[0];
  edgeCount = ints[1];
  rowStart = ints + 2;
  baseEnd = rowStart + tokenCount + 1;
  to = baseEnd + tokenCount;
  pool = to + edgeCount;
  size_t doubles = ((size_t)((const char *)(pool + edgeCount) - data) + 7) & ~(size_t)7;
  r = (const double *)(data + doubles);
  n = r + edgeCount;
}

static void pairDirections(void) {
  int *first = allocate(edgeCount, sizeof(int));
  reverse = allocate(edgeCount, sizeof(int));
  memset(first, -1, (size_t)edgeCount * sizeof(int));
  for (int e = 0; e < edgeCount; e++) {
    int other = first[pool[e]];
    if (other < 0) {
      first[pool[e]] = e;
    } else {
      reverse[e] = other;
      reverse[other] = e;
    }
  }
  free(first);
}

static void layOutLegs(void) {
  legStart = allocate(tokenCount + 1, sizeof(int));
  legStart[1] = 0;
  int widest = 0;
  for (int c = 1; c < tokenCount; c++) {
    int count = 0;
    for (int f = baseEnd[c]; f < rowStart[c + 1]; f++)
      count += baseEnd[to[f]] - rowStart[to[f]];
    legStart[c + 1] = legStart[c] + count;
    if (count > widest) widest = count;
  }
  int legs = legStart[tokenCount] + LANES;
  middle = allocate(legs, sizeof(int));
  outFirst = allocate(legs, sizeof(int));
  outSecond = allocate(legs, sizeof(int));
  backFirst = allocate(legs, sizeof(int));
  backSecond = allocate(legs, sizeof(int));
  outRate = allocate(legs, sizeof(float));
  backRate = allocate(legs, sizeof(float));
  rateF = allocate(edgeCount + LANES, sizeof(float));
  hotOut = allocate(widest + LANES, sizeof(int));
  hotBack = allocate(widest + LANES, sizeof(int));
  outLegs = (Legs){allocate(widest + LANES, sizeof(double)), allocate(widest + LANES, sizeof(double))};
  backLegs = (Legs){allocate(widest + LANES, sizeof(double)), allocate(widest + LANES, sizeof(double))};

  for (int c = 1, k = 0; c < tokenCount; c++)
    for (int f = baseEnd[c]; f < rowStart[c + 1]; f++)
      for (int g = rowStart[to[f]]; g < baseEnd[to[f]]; g++, k++) {
        middle[k] = to[f];
        outFirst[k] = reverse[g];
        outSecond[k] = reverse[f];
        backFirst[k] = f;
        backSecond[k] = g;
      }

  hitR = allocate(HIT_CAPACITY + LANES, sizeof(double));
  hitN = allocate(HIT_CAPACITY + LANES, sizeof(double));
  hitInput = allocate(HIT_CAPACITY + LANES, sizeof(double));
  hitProfit = allocate(HIT_CAPACITY + LANES, sizeof(double));
  hitOut = allocate(HIT_CAPACITY + LANES, sizeof(int));
  hitBack = allocate(HIT_CAPACITY + LANES, sizeof(int));
}

/* ---- every scan ---------------------------------------------------------- */

/* Rates of the legs of one token. The pools between d and the base are
 * neighbours among the edges of both, so a run of slots reads two runs of
 * edges. Whole vectors are written: what lies past a run's end belongs to the
 * next run, or to nobody. */
static void takeRates(int c) {
  int k = legStart[c];
  for (int f = baseEnd[c]; f < rowStart[c + 1]; f++) {
    int d = to[f], count = baseEnd[d] - rowStart[d];
    if (!count) continue;
    const float *home = rateF + rowStart[d], *away = rateF + reverse[rowStart[d]];
#if defined(__AVX2__)
    __m256 in = _mm256_set1_ps(rateF[f]), out = _mm256_set1_ps(rateF[reverse[f]]);
    for (int q = 0; q < count; q += 8) {
      _mm256_storeu_ps(outRate + k + q, _mm256_mul_ps(_mm256_loadu_ps(away + q), out));
      _mm256_storeu_ps(backRate + k + q, _mm256_mul_ps(_mm256_loadu_ps(home + q), in));
    }
#else
    for (int q = 0; q < count; q++) {
      outRate[k + q] = away[q] * rateF[reverse[f]];
      backRate[k + q] = home[q] * rateF[f];
    }
#endif
    k += count;
  }
}

/* Which of the 16 values from p on are above the limit, as bits. */
static inline uint32_t above(const float *p, float limit) {
#if defined(__AVX512F__)
  return _mm512_cmp_ps_mask(_mm512_loadu_ps(p), _mm512_set1_ps(limit), _CMP_GT_OQ);
#elif defined(__AVX2__)
  __m256 bound = _mm256_set1_ps(limit);
  return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(p), bound, _CMP_GT_OQ)) |
         (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(p + 8), bound, _CMP_GT_OQ)) << 8;
#else
  uint32_t bits = 0;
  for (int q = 0; q < LANES; q++) bits |= (uint32_t)(p[q] > limit) << q;
  return bits;
#endif
}

/* Appends slot + (place of each bit) to list. */
static inline int append(int *list, int count, uint32_t bits, int slot) {
#if defined(__AVX512F__)
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  __m512i slots = _mm512_add_epi32(lanes, _mm512_set1_epi32(slot));
  _mm512_storeu_si512(list + count, _mm512_maskz_compress_epi32((__mmask16)bits, slots));
  return count + __builtin_popcount(bits);
#else
  for (; bits; bits &= bits - 1) list[count++] = slot + __builtin_ctz(bits);
  return count;
#endif
}

/* Lists the slots from start to end whose rate is above the limit. */
static inline int listAbove(int *list, const float *rates, int start, int end, float limit) {
  int count = 0;
  for (int k = start; k < end; k += LANES) {
    uint32_t bits = above(rates + k, limit);
    if (end - k < LANES) bits &= (1u << (end - k)) - 1;
    if (bits) count = append(list, count, bits, k);
  }
  return count;
}

#if defined(__AVX512F__) && defined(__AVX512VL__)
static inline __mmask8 lanesLeft(int left) {
  return left < 8 ? (__mmask8)((1u << left) - 1) : 0xff;
}

static inline __mmask8 otherMiddle(int token, int slot) {
  return _mm256_cmpneq_epi32_mask(_mm256_set1_epi32(token),
                                  _mm256_loadu_si256((const void *)(middle + slot)));
}

static inline __m256i slotsFrom(int slot) {
  return _mm256_add_epi32(_mm256_set1_epi32(slot), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/* Appends those of eight cycles that pay and returns the new count. */
static inline int keepEight(int h, __mmask8 pays, __m512d cycle, __m512d sum, __m256i outs,
                            __m256i backs) {
  _mm512_storeu_pd(hitR + h, _mm512_maskz_compress_pd(pays, cycle));
  _mm512_storeu_pd(hitN + h, _mm512_maskz_compress_pd(pays, sum));
  _mm256_storeu_si256((void *)(hitOut + h), _mm256_maskz_compress_epi32(pays, outs));
  _mm256_storeu_si256((void *)(hitBack + h), _mm256_maskz_compress_epi32(pays, backs));
  return h + __builtin_popcount(pays);
}
#endif

/* The legs of one token in f64, by place in its slots. */
static void takeLegs(Legs *legs, const int *first, const int *second, int start, int end) {
  for (int k = start; k < end; k++) {
    int f = first[k], g = second[k];
    legs->r[k - start] = r[f] * r[g];
    legs->n[k - start] = n[f] + r[f] * n[g];
  }
}

/* Keeps the cycles of one out leg and all back legs from start on that pay. */
static void joinOut(int i, int start, int end) {
  double outR = outLegs.r[i - start], outN = outLegs.n[i - start];
  int count = end - start, h = hitCount, j = 0;
#if defined(__AVX512F__) && defined(__AVX512VL__)
  for (; j < count; j += 8) {
    __mmask8 pays = lanesLeft(count - j);
    __m512d cycle = _mm512_mul_pd(_mm512_set1_pd(outR), _mm512_loadu_pd(backLegs.r + j));
    pays &= _mm512_cmp_pd_mask(cycle, _mm512_set1_pd(1.0), _CMP_GT_OQ);
    pays &= otherMiddle(middle[i], start + j);
    if (!pays) continue;
    __m512d sum = _mm512_fmadd_pd(_mm512_set1_pd(outR), _mm512_loadu_pd(backLegs.n + j),
                                  _mm512_set1_pd(outN));
    h = keepEight(h, pays, cycle, sum, _mm256_set1_epi32(i), slotsFrom(start + j));
  }
#endif
  for (; j < count; j++) {
    double cycle = outR * backLegs.r[j];
    /* Written first, counted only if it pays: no branch to guess wrong. */
    hitR[h] = cycle;
    hitN[h] = outN + outR * backLegs.n[j];
    hitOut[h] = i;
    hitBack[h] = start + j;
    h += (cycle > 1.0) & (middle[i] != middle[start + j]);
  }
  hitCount = h;
}

/* Keeps the cycles of one back leg and all out legs that are not hot. */
static void joinBack(int j, int start, int end, float hot) {
  double backR = backLegs.r[j - start], backN = backLegs.n[j - start];
  int count = end - start, h = hitCount, i = 0;
#if defined(__AVX512F__) && defined(__AVX512VL__)
  for (; i < count; i += 8) {
    __mmask8 pays = lanesLeft(count - i);
    __m512d outR = _mm512_loadu_pd(outLegs.r + i);
    __m512d cycle = _mm512_mul_pd(outR, _mm512_set1_pd(backR));
    pays &= _mm512_cmp_pd_mask(cycle, _mm512_set1_pd(1.0), _CMP_GT_OQ);
    pays &= _mm256_cmp_ps_mask(_mm256_loadu_ps(outRate + start + i), _mm256_set1_ps(hot),
                               _CMP_LE_OQ);
    pays &= otherMiddle(middle[j], start + i);
    if (!pays) continue;
    __m512d sum = _mm512_fmadd_pd(outR, _mm512_set1_pd(backN), _mm512_loadu_pd(outLegs.n + i));
    h = keepEight(h, pays, cycle, sum, slotsFrom(start + i), _mm256_set1_epi32(j));
  }
#endif
  for (; i < count; i++) {
    double cycle = outLegs.r[i] * backR;
    hitR[h] = cycle;
    hitN[h] = outLegs.n[i] + outLegs.r[i] * backN;
    hitOut[h] = start + i;
    hitBack[h] = j;
    h += (cycle > 1.0) & !(outRate[start + i] > hot) & (middle[j] != middle[start + i]);
  }
  hitCount = h;
}

static void makeRoom(int count) {
  if (hitCount + count <= HIT_CAPACITY) return;
  fprintf(stderr, "more than %d profitable cycles\n", HIT_CAPACITY);
  exit(1);
}

static float greatest(const float *rates, int start, int end) {
  float most = 0;
  int k = start;
#if defined(__AVX2__)
  __m256 lanes = _mm256_setzero_ps();
  for (; k + 8 <= end; k += 8) lanes = _mm256_max_ps(lanes, _mm256_loadu_ps(rates + k));
  float spread[8];
  _mm256_storeu_ps(spread, lanes);
  for (int q = 0; q < 8; q++) most = spread[q] > most ? spread[q] : most;
#endif
  for (; k < end; k++) most = rates[k] > most ? rates[k] : most;
  return most;
}

/* The median of a few of the rates, evenly spread. */
static float sampleMedian(const float *rates, int start, int end) {
  float sorted[MEDIAN_OF] = {0};
  int count = end - start, taken = count < MEDIAN_OF ? count : MEDIAN_OF;
  for (int q = 0; q < taken; q++) {
    float value = rates[start + (int)((long)q * count / taken)];
    int place = q;
    for (; place > 0 && sorted[place - 1] > value; place--) sorted[place] = sorted[place - 1];
    sorted[place] = value;
  }
  return sorted[taken / 2];
}

/* All pairs of legs of one token that pay. If out·back > 1, then out is above
 * t or back above 1/t, whatever t: chosen between the ordinary rates, few are. */
static void join(int start, int end) {
  float t = sqrtf(sampleMedian(outRate, start, end) / sampleMedian(backRate, start, end));
  int hotOuts = listAbove(hotOut, outRate, start, end, t);
  int hotBacks = listAbove(hotBack, backRate, start, end, (1 - SLACK) / t);
  takeLegs(&outLegs, outFirst, outSecond, start, end);
  takeLegs(&backLegs, backFirst, backSecond, start, end);
  for (int q = 0; q < hotOuts; q++) {
    makeRoom(end - start);
    joinOut(hotOut[q], start, end);
  }
  for (int q = 0; q < hotBacks; q++) {
    makeRoom(end - start);
    joinBack(hotBack[q], start, end, t);
  }
}

/* B → c → B. The edges stand where legs would: out is from B, back is to it. */
static void twoHops(int c) {
  makeRoom((baseEnd[c] - rowStart[c]) * (baseEnd[c] - rowStart[c]));
  for (int h = rowStart[c]; h < baseEnd[c]; h++) {
    int a = reverse[h];
    for (int g = rowStart[c]; g < baseEnd[c]; g++) {
      if (!(r[a] * r[g] > 1.0) || g == h) continue;
      hitR[hitCount] = r[a] * r[g];
      hitN[hitCount] = n[a] + r[a] * n[g];
      hitOut[hitCount] = -1 - a;
      hitBack[hitCount++] = -1 - g;
    }
  }
}

/* B → d → c → B: a leg out and an edge. */
static void threeHops(int c, float mostOut) {
  int start = legStart[c], end = legStart[c + 1];
  for (int g = rowStart[c]; g < baseEnd[c]; g++) {
    float limit = (1 - SLACK) / rateF[g];
    if (mostOut <= limit) continue;
    int count = listAbove(hotOut, outRate, start, end, limit);
    makeRoom(count);
    for (int q = 0; q < count; q++) {
      int k = hotOut[q], a = outFirst[k], e = outSecond[k];
      double r2 = r[a] * r[e];
      if (!(r2 * r[g] > 1.0)) continue;
      hitR[hitCount] = r2 * r[g];
      hitN[hitCount] = n[a] + r[a] * n[e] + r2 * n[g];
      hitOut[hitCount] = k;
      hitBack[hitCount++] = -1 - g;
    }
  }
}

/* Best input and profit of all hits. */
static void sizeHits(void) {
  int h = 0;
#if defined(__AVX512F__)
  for (; h < hitCount; h += 8) {
    __m512d root = _mm512_sqrt_pd(_mm512_loadu_pd(hitR + h));
    __m512d gain = _mm512_sub_pd(root, _mm512_set1_pd(1.0));
    __m512d input = _mm512_div_pd(gain, _mm512_loadu_pd(hitN + h));
    _mm512_storeu_pd(hitInput + h, input);
    _mm512_storeu_pd(hitProfit + h, _mm512_mul_pd(gain, input));
  }
#elif defined(__AVX2__)
  for (; h < hitCount; h += 4) {
    __m256d root = _mm256_sqrt_pd(_mm256_loadu_pd(hitR + h));
    __m256d gain = _mm256_sub_pd(root, _mm256_set1_pd(1.0));
    __m256d input = _mm256_div_pd(gain, _mm256_loadu_pd(hitN + h));
    _mm256_storeu_pd(hitInput + h, input);
    _mm256_storeu_pd(hitProfit + h, _mm256_mul_pd(gain, input));
  }
#endif
  for (; h < hitCount; h++) {
    double gain = sqrt(hitR[h]) - 1.0, input = gain / hitN[h];
    hitInput[h] = input;
    hitProfit[h] = gain * input;
  }
}

static void scan(void) {
  hitCount = 0;
  for (int c = 1; c < tokenCount; c++) {
    twoHops(c);
    int start = legStart[c], end = legStart[c + 1];
    if (start == end) continue;
    takeRates(c);
    float mostOut = greatest(outRate, start, end);
    threeHops(c, mostOut);
    if (mostOut * greatest(backRate, start, end) > 1 - SLACK) join(start, end);
  }
  sizeHits();
}

/* ---- the talk with the bench --------------------------------------------- */

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void timeScans(int64_t budget) {
  int64_t start = nanoseconds(), before = start;
  do {
    scan();
    int64_t after = nanoseconds();
    printf("%lld ", (long long)(after - before));
    before = nanoseconds();
  } while (before - start < budget);
  printf("\n");
}

static void show(void) {
  scan();
  double input = 0, profit = 0;
  for (int h = 0; h < hitCount; h++) {
    input += hitInput[h];
    profit += hitProfit[h];
  }
  printf("%d %.17g %.17g\n", hitCount, profit, input);
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: kernel GRAPH\n");
    return 2;
  }
  readGraph(arguments[1]);
  pairDirections();
  layOutLegs();
  for (int e = 0; e < edgeCount; e++) rateF[e] = (float)r[e];
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    long budget;
    if (sscanf(line, "time %ld", &budget) == 1) timeScans(budget * INT64_C(1000000));
    else show();
    fflush(stdout);
  }
  return 0;
}
