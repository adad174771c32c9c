/** What every export of the game has in common: a format, its version, and that nothing in it is believed. */
import { Check, isRecord, isShallow } from './shape';

export const FILE_BYTES_MAX = 64 * 1024 * 1024;
const VERSION = 1;

export type FileProblem =
  'too_large' | 'not_json' | 'not_a_battle' | 'not_dice' | 'another_version';

export class UnreadableFileError extends Error {
  constructor(readonly problem: FileProblem) {
    super(problem);
    this.name = 'UnreadableFileError';
  }
}

/** What a text holds, if it is JSON and no longer than an export is. */
export function parsed(text: string): unknown {
  if (text.length > FILE_BYTES_MAX) throw new UnreadableFileError('too_large');
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableFileError('not_json');
  }
}

/** An export of a format, once it looks like one; `otherwise` says what it is not. */
export function checkedExport<T>(
  found: unknown,
  format: string,
  check: Check,
  otherwise: FileProblem,
): T {
  if (!isOfFormat(found, format)) throw new UnreadableFileError(otherwise);
  if (found['version'] !== VERSION) throw new UnreadableFileError('another_version');
  if (!isShallow(found) || !check(found)) throw new UnreadableFileError(otherwise);
  return found as T;
}

export function isOfFormat(found: unknown, format: string): found is Record<string, unknown> {
  return isRecord(found) && found['format'] === format;
}
