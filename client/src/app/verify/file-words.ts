/** What is wrong with a file, as a sentence. */
import { RestError } from '../rest/rest';
import { FileProblem, UnreadableFileError } from './battle-file';

const PROBLEMS: Readonly<Record<FileProblem, string>> = {
  too_large: $localize`:@@file.tooLarge:This file is too large to be a battle.`,
  not_json: $localize`:@@file.notJson:This file cannot be read: it is damaged, or no battle at all.`,
  not_a_battle: $localize`:@@file.notABattle:This file is not the export of a battle.`,
  another_version: $localize`:@@file.anotherVersion:This battle was exported by another version of the game, which this page cannot read.`,
};

/** The sentence for what went wrong; anything unforeseen is not explained away. */
export function problemSentence(error: unknown): string {
  if (error instanceof UnreadableFileError) return PROBLEMS[error.problem];
  if (error instanceof RestError) return error.message;
  throw error;
}
