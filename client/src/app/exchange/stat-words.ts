import { UniqueItem } from '../protocol/generated';
import { statName } from '../words/elements';

/** The own rolls of a unique item, in a line. */
export function statWords({ stats }: Pick<UniqueItem, 'stats'>): string {
  return Object.entries(stats)
    .map(([stat, value]) => `${value > 0 ? '+' : ''}${value} ${statName(stat)}`)
    .join(', ');
}
