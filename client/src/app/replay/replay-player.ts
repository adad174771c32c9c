import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { BattleCue } from '../board/board-types';
import { Replay, turnAt } from './replay';

export const SPEEDS = [0.5, 1, 2, 4] as const;
export type Speed = (typeof SPEEDS)[number];

const BEAT_MS = 1_400;

/** Where a replay stands, and whether it runs. Provided by the page that shows it. */
@Injectable()
export class ReplayPlayer {
  readonly replay = signal<Replay | null>(null);
  readonly position = signal(0);
  readonly isPlaying = signal(false);
  readonly speed = signal<Speed>(1);
  /** What the board is to show: only steps forward are acted out, jumps are just there. */
  readonly cues = signal<readonly BattleCue[]>([]);

  readonly last = computed(() => (this.replay()?.beats.length ?? 1) - 1);
  readonly state = computed(() => this.replay()?.beats[this.position()]?.state ?? null);
  readonly turn = computed(() => {
    const replay = this.replay();
    return replay && turnAt(replay, this.position());
  });

  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The board shows only cues that are newer than the last: their numbers never go back. */
  private cuesShown = 0;

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  /** Show another replay; the same battle in other eyes stays in the same turn. */
  open(replay: Replay, turn = this.turn()?.turn ?? 0): void {
    this.pause();
    this.replay.set(replay);
    this.jumpToTurn(turn);
  }

  toggle(): void {
    if (this.isPlaying()) this.pause();
    else this.play();
  }

  play(): void {
    if (this.position() >= this.last()) this.jump(0);
    this.isPlaying.set(true);
    this.wait();
  }

  pause(): void {
    clearTimeout(this.timer);
    this.isPlaying.set(false);
  }

  setSpeed(speed: Speed): void {
    this.speed.set(speed);
    if (this.isPlaying()) this.wait();
  }

  stepForward(): void {
    this.pause();
    this.advance();
  }

  stepBack(): void {
    this.jump(this.position() - 1);
  }

  jump(position: number): void {
    this.pause();
    this.position.set(Math.min(Math.max(0, position), this.last()));
    this.cues.set([]);
  }

  jumpToTurn(turn: number): void {
    const turns = this.replay()?.turns ?? [];
    this.jump(turns.filter((mark) => mark.turn <= turn).at(-1)?.beat ?? 0);
  }

  /** To the beginning of this turn, or of the one before when it stands there already. */
  previousTurn(): void {
    const turns = this.replay()?.turns ?? [];
    this.jump(turns.filter(({ beat }) => beat < this.position()).at(-1)?.beat ?? 0);
  }

  nextTurn(): void {
    const turns = this.replay()?.turns ?? [];
    this.jump(turns.find(({ beat }) => beat > this.position())?.beat ?? this.last());
  }

  private wait(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.goOn(), BEAT_MS / this.speed());
  }

  private goOn(): void {
    this.advance();
    if (this.position() < this.last()) this.wait();
    else this.pause();
  }

  private advance(): void {
    if (this.position() >= this.last()) return;
    this.position.update((position) => position + 1);
    const cues = this.replay()?.beats[this.position()]?.cues ?? [];
    this.cues.set(cues.map((cue) => ({ ...cue, id: ++this.cuesShown })));
  }
}
