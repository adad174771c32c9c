/**
 * How far each stream has been followed: says what to apply now, what is a repetition,
 * and from where a stream has to be asked for again.
 */
import { StreamUpdate, isSnapshot } from './frames';

/** Beyond this, what waits behind a gap is thrown away: the answer to the question brings it again. */
const HELD_AT_MOST = 200;

export interface Verdict {
  readonly apply: readonly StreamUpdate[];
  /** Ask for the stream from this number on; null when nothing is missing. */
  readonly missingFrom: number | null;
}

const NOTHING: Verdict = { apply: [], missingFrom: null };

export class StreamPositions {
  private readonly seen = new Map<string, number>();
  private readonly held = new Map<string, StreamUpdate[]>();
  private readonly asked = new Set<string>();

  /** The last number of each stream, as a resumed session has to show it. */
  all(): Record<string, number> {
    return Object.fromEntries(this.seen);
  }

  last(stream: string): number | undefined {
    return this.seen.get(stream);
  }

  accept(update: StreamUpdate): Verdict {
    if (update.s === null) return { apply: [update], missingFrom: null };
    if (isSnapshot(update)) return this.advance(update.s, update);
    const seen = this.seen.get(update.s);
    if (seen !== undefined && update.last <= seen) return NOTHING;
    if (seen !== undefined && update.first <= seen + 1) return this.advance(update.s, update);
    return this.hold(update.s, update);
  }

  /** Compare with the heads of a heartbeat; returns the streams that lag and from where. */
  lagging(heads: Readonly<Record<string, number>>): { stream: string; from: number }[] {
    const late = Object.entries(heads).filter(([stream, head]) => head > (this.last(stream) ?? -1));
    const fresh = late.filter(([stream]) => !this.asked.has(stream));
    for (const [stream] of fresh) this.asked.add(stream);
    return fresh.map(([stream]) => ({ stream, from: this.next(stream) }));
  }

  /** The question was answered or lost: it may be asked again. */
  answered(stream: string): void {
    this.asked.delete(stream);
  }

  forget(stream: string): void {
    this.seen.delete(stream);
    this.held.delete(stream);
    this.asked.delete(stream);
  }

  forgetAll(): void {
    for (const stream of [...this.seen.keys(), ...this.held.keys()]) this.forget(stream);
    this.asked.clear();
  }

  forgetQuestions(): void {
    this.asked.clear();
  }

  private next(stream: string): number {
    const seen = this.seen.get(stream);
    return seen === undefined ? 0 : seen + 1;
  }

  private advance(stream: string, update: StreamUpdate): Verdict {
    this.seen.set(stream, update.last);
    return this.release(stream, [update]);
  }

  /** Whatever waited and now follows without a gap is applied too; the rest goes on waiting. */
  private release(stream: string, apply: StreamUpdate[]): Verdict {
    const waiting = (this.held.get(stream) ?? []).sort((a, b) => a.first - b.first);
    this.held.delete(stream);
    for (const [index, update] of waiting.entries()) {
      const seen = this.seen.get(stream) ?? 0;
      if (update.last <= seen) continue;
      if (update.first > seen + 1) {
        this.held.set(stream, waiting.slice(index + 1));
        return { apply, missingFrom: this.hold(stream, update).missingFrom };
      }
      this.seen.set(stream, update.last);
      apply.push(update);
    }
    return { apply, missingFrom: null };
  }

  private hold(stream: string, update: StreamUpdate): Verdict {
    const waiting = this.held.get(stream) ?? [];
    this.held.set(stream, [...waiting, update].slice(-HELD_AT_MOST));
    if (this.asked.has(stream)) return NOTHING;
    // Before its snapshot a stream is not lagging, only early: the snapshot is on its way.
    if (!this.seen.has(stream)) return NOTHING;
    this.asked.add(stream);
    return { apply: [], missingFrom: this.next(stream) };
  }
}
