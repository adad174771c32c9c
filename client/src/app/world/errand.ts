import { Injectable, inject } from '@angular/core';
import { Cell } from '../board/board-types';
import { Refusal } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { ConnectionLostError } from '../connection/unanswered';
import { Notices } from '../notices/notices';
import { Walk } from '../protocol/generated';
import { findWay, stepsBetween } from './pathfinding';
import { ZoneStore } from './zone-store';

const LONGEST_PATH = 64;
/** A goal that moves is followed so often before it is let go. */
const LEGS_AT_MOST = 12;
/** The server counts a step as done a moment after the clock says so. */
const ARRIVAL_MARGIN_MS = 80;

/**
 * Walking somewhere, and doing something there: one errand at a time, a new one ends the old.
 * The goal is looked at again after each leg, for it may walk too.
 */
@Injectable({ providedIn: 'root' })
export class Errand {
  private readonly socket = inject(GameSocket);
  private readonly zone = inject(ZoneStore);
  private readonly clock = inject(ServerClock);
  private readonly notices = inject(Notices);
  private current = 0;

  /** Go to the cell, or as near to it as `nearEnough` steps; resolves with whether it was reached. */
  async goTo(target: () => Cell | null, nearEnough = 0): Promise<boolean> {
    const errand = ++this.current;
    try {
      for (let leg = 0; leg < LEGS_AT_MOST; leg++) {
        const here = this.zone.ownCell();
        const goal = target();
        if (!here || !goal) return false;
        if (stepsBetween(here, goal) <= nearEnough) return this.standStill(errand);
        const walk = await this.walkTowards(here, goal, nearEnough);
        if (!walk || errand !== this.current) return false;
        await this.untilWalked(walk);
        if (errand !== this.current) return false;
      }
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) this.notices.refused(error);
    }
    return false;
  }

  /** The path from here to there, both included; empty when there is none. */
  wayTo(goal: Cell): readonly Cell[] {
    const here = this.zone.ownCell();
    const map = this.zone.ground();
    const way = here && map && findWay(map, here, goal);
    return way ? [here, ...way] : [];
  }

  cancel(): void {
    this.current++;
  }

  private async walkTowards(here: Cell, goal: Cell, nearEnough: number): Promise<Walk | null> {
    const map = this.zone.ground();
    const way = map && findWay(map, here, goal, nearEnough);
    if (!way || way.length === 0) return null;
    const path = way.slice(0, LONGEST_PATH);
    const walk = await this.socket.send('world.move', { path }).catch((error: unknown) => {
      if (error instanceof Refusal) return this.walkAgain(goal, nearEnough, error);
      throw error;
    });
    if (walk) this.zone.walked(walk);
    return walk;
  }

  /** In mid-step the two clocks may disagree about the cell just reached; a second look settles it. */
  private async walkAgain(goal: Cell, nearEnough: number, first: Refusal): Promise<Walk> {
    await pause(ARRIVAL_MARGIN_MS * 2);
    const here = this.zone.ownCell();
    const map = this.zone.ground();
    const way = here && map && findWay(map, here, goal, nearEnough);
    if (!way || way.length === 0) throw first;
    return this.socket.send('world.move', { path: way.slice(0, LONGEST_PATH) });
  }

  private async standStill(errand: number): Promise<boolean> {
    const own = this.zone.own();
    const walk = own && this.zone.boardWalk(own);
    if (walk) await pause(walk.startedAt + walk.stepMs * (walk.path.length - 1) - Date.now());
    return errand === this.current;
  }

  private untilWalked({ path, started_at, step_ms }: Walk): Promise<void> {
    const arrival = this.clock.toLocalMs(started_at) + step_ms * (path.length - 1);
    return pause(arrival + ARRIVAL_MARGIN_MS - Date.now());
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
