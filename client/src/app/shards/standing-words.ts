import { ShardSummary } from '../protocol/generated';

const STANDINGS: Record<ShardSummary['standing'], string> = {
  open: $localize`:@@shards.open:open`,
  full: $localize`:@@shards.full:full`,
  maintenance: $localize`:@@shards.maintenance:under maintenance`,
  closed: $localize`:@@shards.closed:closed`,
  away: $localize`:@@shards.away:does not answer`,
};

/** Whether a shard takes people, in a word or two. */
export function standingWords(standing: ShardSummary['standing']): string {
  return STANDINGS[standing];
}

const STATES: Record<string, string> = {
  requested: $localize`:@@transfers.requested:says goodbye`,
  frozen: $localize`:@@transfers.frozen:packs`,
  exported: $localize`:@@transfers.exported:is packed`,
  importing: $localize`:@@transfers.importing:comes ashore`,
  imported: $localize`:@@transfers.imported:has arrived`,
  done: $localize`:@@transfers.done:has arrived`,
  cancelling: $localize`:@@transfers.cancelling:comes home`,
  returned: $localize`:@@transfers.returned:stayed at home`,
};

/** Where a transfer is, in a word or two. */
export function stateWords(state: string): string {
  return STATES[state] ?? state;
}

const KINDS: Record<string, string> = {
  glim: $localize`:@@transfers.glim:Glim`,
  items: $localize`:@@transfers.items:Equipment, worn and carried`,
  stacks: $localize`:@@transfers.stacks:Kinds of goods`,
  professions: $localize`:@@transfers.professions:Professions`,
  quests: $localize`:@@transfers.quests:Quests`,
};

/** What a kind of belongings is called. */
export function kindWords(kind: string): string {
  return KINDS[kind] ?? kind;
}
