import { LootReceived } from '../protocol/generated';

/** What a battle, a chest or a quest gave, a line each. */
export function lootLines(
  glim: number,
  stacks: LootReceived['stacks'],
  items: LootReceived['items'],
  itemName: (id: string) => string,
): string[] {
  const money = glim > 0 ? [$localize`:@@loot.glim:${glim}:amount: glim`] : [];
  const many = stacks.map(({ item, count }) => `${count} × ${itemName(item)}`);
  return [...money, ...many, ...items.map(({ item }) => itemName(item))];
}
