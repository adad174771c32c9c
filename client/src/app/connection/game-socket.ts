import { Injectable, computed, inject, signal } from '@angular/core';
import { Subject } from 'rxjs';
import { Beat, CommandName, HelloReply, KeptInventory } from '../protocol/generated';
import { RestError } from '../rest/rest';
import { waitBefore } from './backoff';
import { Ending, endingOf } from './endings';
import { BodyOf, CommandFrame, Refusal, ReplyTo, StreamUpdate, parseFrame } from './frames';
import { ServerClock } from './server-clock';
import { OPEN_WIRE, Wire } from './socket-opener';
import { StreamPositions } from './stream-positions';
import { Tickets } from './tickets';
import { UnansweredCommands } from './unanswered';

export type ConnectionState = 'closed' | 'connecting' | 'ready' | 'reconnecting' | 'ended';

const CLIENT = 'aether-web/1';
const DEAD_AFTER_MS = 25_000;
const PING_EVERY_MS = 10_000;
/** Commands of a moment: after a broken connection they would come too late to make sense. */
const MOMENTARY: ReadonlySet<CommandName> = new Set([
  'ping',
  'resume',
  'world.move',
  'world.emote',
]);

/**
 * The one connection to the game. It comes back by itself, resumes every stream where it was, and
 * sends unanswered commands again under the same id, so that each is carried out exactly once.
 */
@Injectable({ providedIn: 'root' })
export class GameSocket {
  readonly state = signal<ConnectionState>('closed');
  readonly ending = signal<Ending | null>(null);
  /** The server's own sentence, where it has said one. */
  readonly endingReason = signal('');
  readonly hello = signal<HelloReply | null>(null);
  readonly isReady = computed(() => this.state() === 'ready');
  readonly updates = new Subject<StreamUpdate>();
  /** Each time that the server has let the socket in, be it anew or to go on. */
  readonly welcomed = new Subject<HelloReply>();

  /** Asked before each first hello: what the browser has kept of the inventory, so that it is told shorter. */
  remembered: (() => Promise<KeptInventory | null>) | null = null;

  private readonly openWire = inject(OPEN_WIRE);
  private readonly tickets = inject(Tickets);
  private readonly clock = inject(ServerClock);
  private readonly positions = new StreamPositions();
  private readonly unanswered = new UnansweredCommands();
  private character: number | null = null;
  private resumeWith: { session: string; secret: string; url: string } | null = null;
  private wire: Wire | null = null;
  private attempt = 0;
  private drainMs: number | null = null;
  private heardAt = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pulseTimer: ReturnType<typeof setInterval> | undefined;

  open(character: number): void {
    if (this.character === character && this.state() !== 'ended' && this.state() !== 'closed')
      return;
    this.close();
    this.character = character;
    this.ending.set(null);
    this.endingReason.set('');
    this.state.set('connecting');
    void this.connect();
  }

  close(): void {
    this.detach();
    this.character = null;
    this.resumeWith = null;
    this.attempt = 0;
    this.hello.set(null);
    this.positions.forgetAll();
    this.unanswered.dropAll();
    this.state.set('closed');
  }

  send<T extends CommandName>(type: T, body: BodyOf<T>, on?: number): Promise<ReplyTo<T>> {
    const frame: CommandFrame = {
      t: type,
      id: crypto.randomUUID(),
      d: body,
      ...(on !== undefined && { on }),
    };
    const reply = this.unanswered.add(frame, !MOMENTARY.has(type));
    if (this.isReady()) this.wire?.send(JSON.stringify(frame));
    return reply as Promise<ReplyTo<T>>;
  }

  /** The last number seen of a stream: what a command that acts on the stream refers to. */
  seen(stream: string): number | undefined {
    return this.positions.last(stream);
  }

  /** Have a stream told whole again. */
  askWhole(stream: string): void {
    this.askAgain(stream, 0);
  }

  /** A stream that is no longer followed. */
  forget(stream: string): void {
    this.positions.forget(stream);
  }

  /** Follow a stream no longer; one that the server does not follow either is fine. */
  unsubscribe(stream: string): void {
    this.positions.forget(stream);
    this.send('unsubscribe', { s: stream }).catch(ignoreLoss);
  }

  private async connect(): Promise<void> {
    const character = this.character;
    if (character === null) return;
    try {
      const resume = this.resumeWith;
      const admission = resume ?? (await this.tickets.draw(character));
      if (this.character !== character) return;
      this.attach(
        this.openWire(admission.url),
        admission.url,
        resume ? null : (admission as { ticket: string }).ticket,
      );
    } catch (error) {
      this.ticketRefused(error);
    }
  }

  private ticketRefused(error: unknown): void {
    if (
      error instanceof RestError &&
      error.status >= 400 &&
      error.status < 500 &&
      error.status !== 429
    ) {
      this.endingReason.set(error.message);
      this.end(error.status === 401 || error.status === 403 ? 'signed_out' : 'refused');
    } else {
      this.retryLater();
    }
  }

  private attach(wire: Wire, url: string, ticket: string | null): void {
    this.wire = wire;
    this.heardAt = Date.now();
    wire.onopen = () => void this.introduce(url, ticket);
    wire.onmessage = ({ data }) => this.receive(String(data));
    wire.onclose = ({ code }) => this.closed(code);
    this.pulseTimer = setInterval(() => this.pulse(), PING_EVERY_MS);
  }

  private detach(): void {
    clearInterval(this.pulseTimer);
    clearTimeout(this.retryTimer);
    if (!this.wire) return;
    this.wire.onopen = this.wire.onmessage = this.wire.onclose = null;
    this.wire.close();
    this.wire = null;
  }

  private async introduce(url: string, ticket: string | null): Promise<void> {
    const resume =
      ticket || !this.resumeWith
        ? null
        : { ...resumeTicket(this.resumeWith), seen: this.positions.all() };
    const wire = this.wire;
    const kept = resume || !this.remembered ? null : await this.remembered();
    if (this.wire !== wire) return;
    const frame: CommandFrame = {
      t: 'hello',
      id: crypto.randomUUID(),
      d: { client: CLIENT, version: 1, ticket, resume, kept },
    };
    const reply = this.unanswered.add(frame, false) as Promise<HelloReply>;
    this.wire?.send(JSON.stringify(frame));
    try {
      this.welcome(await reply, url);
    } catch (error) {
      if (error instanceof Refusal) this.notWelcome(error, ticket === null);
    }
  }

  private welcome(hello: HelloReply, url: string): void {
    this.attempt = 0;
    this.drainMs = null;
    this.resumeWith = { session: hello.session, secret: hello.secret, url };
    this.clock.set(hello.server_time);
    this.hello.set(hello);
    this.state.set('ready');
    for (const frame of this.unanswered.toRepeat()) this.wire?.send(JSON.stringify(frame));
    this.welcomed.next(hello);
  }

  private notWelcome(refusal: Refusal, wasResume: boolean): void {
    this.resumeWith = null;
    if (wasResume) {
      this.positions.forgetAll();
      this.detach();
      void this.connect();
    } else {
      this.endingReason.set(refusal.message);
      this.end('refused');
    }
  }

  private receive(text: string): void {
    this.heardAt = Date.now();
    const frame = parseFrame(text);
    if (frame.kind === 'reply') this.unanswered.settle(frame.reply);
    else this.follow(frame.update);
  }

  private follow(update: StreamUpdate): void {
    if (update.t === 'beat') return this.compareHeads(update.d);
    if (update.t === 'drain') {
      this.drainMs = update.d.reconnect_in_ms;
      return;
    }
    const { apply, missingFrom } = this.positions.accept(update);
    if (missingFrom !== null && update.s) this.askAgain(update.s, missingFrom);
    for (const accepted of apply) this.updates.next(accepted);
  }

  private compareHeads(beat: Beat): void {
    this.clock.set(beat.time);
    for (const { stream, from } of this.positions.lagging(beat.heads)) this.askAgain(stream, from);
  }

  private askAgain(stream: string, from: number): void {
    this.send('resume', { s: stream, from }).then(
      () => this.positions.answered(stream),
      () => this.positions.answered(stream),
    );
  }

  private pulse(): void {
    if (Date.now() - this.heardAt > DEAD_AFTER_MS) {
      this.detach();
      this.retryLater();
    } else if (this.isReady()) {
      this.send('ping', {}).then(({ server_time }) => this.clock.set(server_time), ignoreLoss);
    }
  }

  private closed(code: number): void {
    this.detach();
    const ending = endingOf(code);
    if (!ending) return this.retryLater();
    this.end(ending);
  }

  private retryLater(): void {
    this.unanswered.dropMomentary();
    this.positions.forgetQuestions();
    this.state.set('reconnecting');
    const wait = this.drainMs ?? waitBefore(this.attempt++);
    this.drainMs = null;
    this.retryTimer = setTimeout(() => void this.connect(), wait);
  }

  private end(ending: Ending): void {
    this.detach();
    this.resumeWith = null;
    this.positions.forgetAll();
    this.unanswered.dropAll();
    this.ending.set(ending);
    this.state.set('ended');
  }
}

function resumeTicket({ session, secret }: { session: string; secret: string }) {
  return { session, secret };
}

/** Nothing depends on the answer. */
function ignoreLoss(): void {}
