/** What a value out of a file has to look like before anything of it is believed. */

const NUMBER_MAX = Number.MAX_SAFE_INTEGER;
const DEPTH_MAX = 32;

export type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

export const isNumber: Check = (value) =>
  Number.isInteger(value) && Math.abs(value as number) <= NUMBER_MAX;
export const isText: Check = (value) => typeof value === 'string';
export const isNull: Check = (value) => value === null;
export const isAbsent: Check = (value) => value === undefined;
export const isHash: Check = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value as string);
export const isSeed: Check = (value) =>
  isText(value) && /^([0-9a-f]{2}){0,32}$/.test(value as string);
export const isId: Check = (value) => isNumber(value) && (value as number) > 0;
export const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every((each) => check(each));
export const record =
  (fields: Fields): Check =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

/** Whoever walks through a value calls itself at each level: some files are made to exhaust that. */
export function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth < DEPTH_MAX && Object.values(value).every((each) => isShallow(each, depth + 1));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
