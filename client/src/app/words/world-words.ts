/** Words for things of the world that the catalogue does not name. */
import { ExitSeen, Words } from '../protocol/generated';

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

/** What a player lacks to take a way to another zone. */
export function lockOf({ locked }: ExitSeen, language: string): string | null {
  return locked ? inLanguage(locked, language) : null;
}

/** What came in every language, in one of them. */
export function inLanguage(words: Words, language: string): string {
  return words[language.startsWith('fr') ? 'fr' : 'en'];
}

/** A door between two parts of a zone. */
export function doorName(isOpen: boolean): string {
  return isOpen ? $localize`:@@door.name:Door` : $localize`:@@door.closed:Closed door`;
}

/** How one goes there, and for how much. */
export function exitTerms({ way, fare }: ExitSeen): string {
  if (fare && way === 'boat') return $localize`:@@exit.boatFare:By boat, for ${fare}:fare: glim.`;
  if (way === 'boat') return $localize`:@@exit.boat:By boat.`;
  if (fare) return $localize`:@@exit.fare:It costs ${fare}:fare: glim.`;
  return way === 'portal' ? $localize`:@@exit.portal:Through a gate of the Wrights.` : '';
}

/** A node with how often it still gives. */
export function nodeName(name: string, charges: number): string {
  return charges > 0 ? `${name} (${charges})` : $localize`:@@node.spent:${name}:node:, spent`;
}

export function emoteSeen(emote: string): string {
  return EMOTES.find(({ id }) => id === emote)?.seen ?? `* ${emote} *`;
}
