const INVERSE_SQRT_2_PI = 0.398_942_280_401_432_7;
/** Below, the power series is exact; above, the continued fraction is, without cancellation. */
const SERIES_UP_TO = 3;
const FRACTION_TERMS = 120;

/**
 * Upper tail of the standard normal distribution, P(Z >= z), to a relative error below 1e-12 for
 * every z whose tail is a normal floating number (z < 37).
 *
 * Series and continued fraction: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.11
 * and 26.2.14.
 */
export function normalTail(z: number): number {
  if (z < 0) {
    return 1 - normalTail(-z);
  }
  const density = INVERSE_SQRT_2_PI * Math.exp((-z * z) / 2);
  return z < SERIES_UP_TO ? 0.5 - density * series(z) : density / (z + fraction(z));
}

function series(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 1; term > Number.EPSILON * sum * 0.01; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return sum;
}

function fraction(z: number): number {
  let value = 0;
  for (let k = FRACTION_TERMS; k >= 1; k--) {
    value = k / (z + value);
  }
  return value;
}
