/** What each check of dice found, and what a throw was for, in the reader's language. */
import { CatalogueStore } from '../catalogue/catalogue-store';
import { DiceCheck, DiceCheckName, sourceOf } from './dice-verification';

type Sentences = Readonly<Record<DiceCheckName, string>>;

const HOLDS: Sentences = {
  commitment: $localize`:@@diceCheck.commitment:The seed of the house is the one that it committed to before the first throw.`,
  told: $localize`:@@diceCheck.told:It is the commitment that this browser was told before.`,
  numbers: $localize`:@@diceCheck.numbers:Every throw is there once: none was left out, or tried again.`,
  receipts: $localize`:@@diceCheck.receipts:Each of the dice is what the seeds give.`,
};

const BROKEN: Sentences = {
  commitment: $localize`:@@diceCheck.commitmentBroken:The seed of the house is not the one that it committed to.`,
  told: $localize`:@@diceCheck.toldBroken:This browser was told another commitment before.`,
  numbers: $localize`:@@diceCheck.numbersBroken:Throws are missing, or stand where they do not belong.`,
  receipts: $localize`:@@diceCheck.receiptsBroken:Some dice are not what the seeds give. They are marked below.`,
};

export function diceSentence({ name, holds }: DiceCheck): string {
  return (holds ? HOLDS : BROKEN)[name];
}

/** What a throw was for: its source, and the name of what it refers to, where the catalogue has one. */
export function causeWords(cause: string, catalogue: CatalogueStore): string {
  const reference = cause.slice(sourceOf(cause).length + 1);
  switch (sourceOf(cause)) {
    case 'gather':
      return $localize`:@@diceCause.gather:Gathering: ${catalogue.nodeName(reference)}:node:`;
    case 'craft':
      return $localize`:@@diceCause.craft:Crafting: ${recipeName(reference, catalogue)}:item:`;
    case 'shop':
      return $localize`:@@diceCause.shop:Bought: ${catalogue.shopName(reference)}:shop:`;
    case 'quest':
      return $localize`:@@diceCause.quest:Quest: ${catalogue.questName(reference)}:quest:`;
    case 'chest':
      return $localize`:@@diceCause.chest:A chest`;
    case 'starter':
      return $localize`:@@ledger.starter:To begin with`;
    case 'gm':
      return $localize`:@@ledger.compensation:Given by game masters`;
    default:
      return $localize`:@@ledger.found:Found`;
  }
}

function recipeName(recipe: string, catalogue: CatalogueStore): string {
  return catalogue.itemName(catalogue.all().recipes[recipe]?.outputs[0]?.item ?? recipe);
}
