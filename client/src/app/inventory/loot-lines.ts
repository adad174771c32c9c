import { LootReceived } from '../protocol/generated';

export interface LootLine {
  /** An item of the art's folder. */
  readonly icon: string;
  readonly text: string;
}

/** What a battle, a chest or a quest gave, a line each. */
export function lootLines(
  { glim, stacks, items }: Pick<LootReceived, 'glim' | 'stacks' | 'items'>,
  itemName: (id: string) => string,
): LootLine[] {
  const money = { icon: 'glim', text: $localize`:@@loot.glim:${glim}:amount: glim` };
  const many = stacks.map(({ item, count }) => ({
    icon: item,
    text: `${count} × ${itemName(item)}`,
  }));
  const single = items.map(({ item }) => ({ icon: item, text: itemName(item) }));
  return [...(glim > 0 ? [money] : []), ...many, ...single];
}
