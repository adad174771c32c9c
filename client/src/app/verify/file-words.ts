/** What is wrong with a file, as a sentence. */
import { RestError } from '../rest/rest';
import { FileProblem, UnreadableFileError } from './export-file';

const PROBLEMS: Readonly<Record<FileProblem, string>> = {
  too_large: $localize`:@@file.tooLarge:This file is too large to be a battle or a week of dice.`,
  not_json: $localize`:@@file.notJson:This file cannot be read: it is damaged, or no export at all.`,
  not_a_battle: $localize`:@@file.notABattle:This file is not the export of a battle.`,
  not_dice: $localize`:@@file.notDice:This file is not an export of dice.`,
  another_version: $localize`:@@file.anotherVersion:This file was exported by another version of the game, which this page cannot read.`,
};

/** The sentence for what went wrong; anything unforeseen is not explained away. */
export function problemSentence(error: unknown): string {
  if (error instanceof UnreadableFileError) return PROBLEMS[error.problem];
  if (error instanceof RestError) return error.message;
  throw error;
}
