const SEED_BYTES_MAX = 32;
const RANDOM_BYTES = 16;

/** The bytes of a word, as many as a seed has, in hexadecimal; without one, random bytes. */
export function seedOf(word: string): string {
  const bytes = word
    ? new TextEncoder().encode(word).slice(0, SEED_BYTES_MAX)
    : crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
