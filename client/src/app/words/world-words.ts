/** Words for things of the world that the catalogue does not name. */
const OBJECTS: Readonly<Record<string, string>> = {
  chest: $localize`:@@object.chest:Chest`,
  chest_open: $localize`:@@object.chestOpen:Empty chest`,
};

export interface EmoteChoice {
  readonly id: 'wave' | 'bow' | 'cheer' | 'laugh' | 'point' | 'sit';
  readonly name: string;
  /** What others see above the head. */
  readonly seen: string;
}

export const EMOTES: readonly EmoteChoice[] = [
  { id: 'wave', name: $localize`:@@emote.wave:Wave`, seen: $localize`:@@emote.waves:* waves *` },
  { id: 'bow', name: $localize`:@@emote.bow:Bow`, seen: $localize`:@@emote.bows:* bows *` },
  {
    id: 'cheer',
    name: $localize`:@@emote.cheer:Cheer`,
    seen: $localize`:@@emote.cheers:* cheers *`,
  },
  {
    id: 'laugh',
    name: $localize`:@@emote.laugh:Laugh`,
    seen: $localize`:@@emote.laughs:* laughs *`,
  },
  {
    id: 'point',
    name: $localize`:@@emote.point:Point`,
    seen: $localize`:@@emote.points:* points *`,
  },
  {
    id: 'sit',
    name: $localize`:@@emote.sit:Sit down`,
    seen: $localize`:@@emote.sits:* sits down *`,
  },
];

export function objectName(type: string, state: string): string {
  const isOpen = state === 'open' || state === 'opened';
  return (
    (isOpen ? OBJECTS[`${type}_open`] : undefined) ?? OBJECTS[type] ?? type.replaceAll('_', ' ')
  );
}

/** A node with how often it still gives. */
export function nodeName(name: string, charges: number): string {
  return charges > 0 ? `${name} (${charges})` : $localize`:@@node.spent:${name}:node:, spent`;
}

export function emoteSeen(emote: string): string {
  return EMOTES.find(({ id }) => id === emote)?.seen ?? `* ${emote} *`;
}
