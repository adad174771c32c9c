import { Injectable, inject, signal } from '@angular/core';
import { BattleReplay, PastBattles, ZoneMap } from '../protocol/generated';
import { Rest, RestError } from '../rest/rest';
import { BattleFile, RevealedDice, checkedFile, checkedReveal, isSeenBattle } from './battle-file';
import { UnreadableFileError } from './export-file';

/** Battles of the past: from the game, from the console for its staff, or from a file that somebody opened. */
@Injectable({ providedIn: 'root' })
export class BattleArchive {
  /** The file that was opened last, so that it can be checked and watched without opening it again. */
  readonly opened = signal<BattleFile | null>(null);
  private readonly rest = inject(Rest);

  past(character: number, before: number | null): Promise<PastBattles> {
    const page = before === null ? '' : `&before=${before}`;
    return this.rest.get(`/api/v1/battles?character=${character}${page}`);
  }

  async exported(battle: number, isFromConsole: boolean): Promise<BattleFile> {
    return checkedFile(inside(await this.rest.get(fileAddress(battle, isFromConsole))));
  }

  /** Who did not take part in a battle may check its dice all the same, but not its log. */
  async proofOf(battle: number, isFromConsole: boolean): Promise<BattleFile | RevealedDice> {
    try {
      return await this.exported(battle, isFromConsole);
    } catch (error) {
      if (!(error instanceof RestError && error.status === 404) || isFromConsole) throw error;
      return this.revealed(battle);
    }
  }

  /** What the game tells everybody who is signed in of the dice of a battle that is over. */
  async revealed(battle: number): Promise<RevealedDice> {
    return checkedReveal(await this.rest.get(`/api/v1/battles/${battle}/reveal`));
  }

  /** Staff also watch battles that still run. */
  async replay(battle: number, isFromConsole: boolean): Promise<Omit<BattleReplay, 'battle'>> {
    if (!isFromConsole) return replayIn(await this.exported(battle, false));
    const address = `${CONSOLE}/${battle}/replay.json`;
    const found = inside(await this.rest.get<BattleReplay | null>(address));
    if (!found.views?.every(isSeenBattle)) throw new UnreadableFileError('not_a_battle');
    return found;
  }

  /** The map that a battle was drawn on, if the server still has it. */
  async map(zone: string, hash: string): Promise<ZoneMap | null> {
    const address = `/api/v1/zones/${encodeURIComponent(zone)}/map/${encodeURIComponent(hash)}`;
    return this.rest.get<ZoneMap>(address).catch(() => null);
  }
}

/** Who is not signed in at the console is sent to its door instead, which is no answer. */
function inside<T>(answer: T | null): T {
  if (answer === null) throw new RestError(401, 'console', OUTSIDE);
  return answer;
}

const OUTSIDE = $localize`:@@console.outside:Sign in at the console first.`;
const CONSOLE = '/gm/combat/battlerecord';

export function fileAddress(battle: number, isFromConsole: boolean): string {
  return isFromConsole ? `${CONSOLE}/${battle}/export.json` : `/api/v1/battles/${battle}/export`;
}

export function replayIn({ site, views, reveal }: BattleFile): Omit<BattleReplay, 'battle'> {
  return { is_over: true, site, views, not_replayable: reveal.not_replayable ?? null };
}
