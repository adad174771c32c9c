import { ItemInfo, RecipeInfo } from '../catalogue/catalogue';
import { UniqueItem } from '../protocol/generated';

/** A piece of equipment that a recipe takes: what may be chosen for it, and what is. */
export interface Place {
  readonly index: number;
  readonly item: string;
  readonly choices: readonly UniqueItem[];
  readonly chosen: UniqueItem | null;
}

/** The pieces that a recipe takes, one by one; none is chosen for two places. */
export function placesOf(
  { inputs }: Pick<RecipeInfo, 'inputs'>,
  items: Readonly<Record<string, Pick<ItemInfo, 'slot'>>>,
  bag: readonly UniqueItem[],
  chosen: ReadonlyMap<number, string> = new Map(),
): Place[] {
  const kinds = Object.entries(inputs)
    .filter(([item]) => items[item]?.slot)
    .flatMap(([item, count]) => Array.from({ length: count }, () => item));
  return kinds.map((item, index) => {
    const others = new Set([...chosen].filter(([place]) => place !== index).map(([, id]) => id));
    const choices = bag.filter((each) => each.item === item && !others.has(each.id));
    const piece = choices.find(({ id }) => id === chosen.get(index)) ?? null;
    return { index, item, choices, chosen: piece };
  });
}

/** A map without one of its keys. */
export function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  return new Map([...map].filter(([each]) => each !== key));
}
