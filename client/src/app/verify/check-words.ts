/** What each check found, as a sentence. */
import { Check, CheckName } from './verification';

type Sentences = Readonly<Record<CheckName, string>>;

const HOLDS: Sentences = {
  commitment: $localize`:@@check.commitment:The seed of the house is the one that it committed to before any player gave theirs.`,
  seeds: $localize`:@@check.seeds:The seeds of the players are those that they gave when they were ready.`,
  combatants: $localize`:@@check.combatants:Those who fought have the numbers that the seeds give them.`,
  receipts: $localize`:@@check.receipts:Every roll is what the seeds give, and none was left out or tried again.`,
  log: $localize`:@@check.log:The rolls are those of the log of this very battle.`,
  choices: $localize`:@@check.choices:Each machine drew once among as many moves as the log says that it found equally good.`,
  hashes: $localize`:@@check.hashes:The log, the seal of this file and its rolls agree with one another.`,
  end: $localize`:@@check.end:The log goes on to the end of the battle.`,
  seal: $localize`:@@check.seal:The game tells everybody the same seal: this is the log of that very battle.`,
};

const BROKEN: Sentences = {
  commitment: $localize`:@@check.commitmentBroken:The seed of the house is not the one that it committed to before the battle.`,
  seeds: $localize`:@@check.seedsBroken:The seeds of the players are not those that they gave when they were ready.`,
  combatants: $localize`:@@check.combatantsBroken:Those who fought do not have the numbers that the seeds give them.`,
  receipts: $localize`:@@check.receiptsBroken:Some rolls are not what the seeds give, or do not follow one another. They are marked below.`,
  log: $localize`:@@check.logBroken:The rolls are not those of the log, or of another battle.`,
  choices: $localize`:@@check.choicesBroken:A machine did not draw among as many moves as the log says, or somebody drew who is no machine.`,
  hashes: $localize`:@@check.hashesBroken:The log is not the one that was sealed: this file was changed.`,
  end: $localize`:@@check.endBroken:The log does not end as a battle ends: it was cut short or added to.`,
  seal: $localize`:@@check.sealBroken:The game tells another seal for this battle: this is not its log.`,
};

export function checkSentence({ name, holds }: Check): string {
  return (holds ? HOLDS : BROKEN)[name];
}
