/** Who may watch a battle, in words. */
import { ChallengeReceived } from '../protocol/generated';

export type Spectating = ChallengeReceived['spectating'];

export const SPECTATING_CHOICES: readonly { readonly id: Spectating; readonly name: string }[] = [
  { id: 'live', name: $localize`:@@spectating.live:everybody, as it happens` },
  { id: 'delayed', name: $localize`:@@spectating.delayed:everybody, two rounds late` },
  { id: 'party', name: $localize`:@@spectating.party:the parties of who fights` },
  { id: 'none', name: $localize`:@@spectating.none:nobody` },
];

/** What somebody who is challenged ought to know. */
export function spectatingSentence(spectating: Spectating): string {
  switch (spectating) {
    case 'live':
      return $localize`:@@spectating.liveSentence:Everybody may watch.`;
    case 'delayed':
      return $localize`:@@spectating.delayedSentence:Everybody may watch, two rounds late.`;
    case 'party':
      return $localize`:@@spectating.partySentence:Your party and theirs may watch.`;
    default:
      return $localize`:@@spectating.noneSentence:Nobody may watch.`;
  }
}
