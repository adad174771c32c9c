/** The three frames of the wire: commands go out, replies and updates come in. */
import {
  CommandName,
  CommandTypes,
  ReplyTypes,
  UpdateName,
  UpdateTypes,
} from '../protocol/generated';

export type BodyOf<T extends CommandName> = CommandTypes[T];
export type ReplyTo<T extends CommandName> = ReplyTypes[T];

export interface CommandFrame {
  readonly t: CommandName;
  readonly id: string;
  readonly d: unknown;
  readonly on?: number;
}

export interface RefusalBody {
  readonly code: string;
  readonly message: string;
  readonly retry?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface ReplyFrame {
  readonly re: string;
  readonly ok?: unknown;
  readonly err?: RefusalBody;
}

/** An update as it came; one without a stream (heartbeat, drain) is numbered by nobody. */
export type StreamUpdate = {
  readonly [T in UpdateName]: {
    readonly t: T;
    readonly s: string | null;
    readonly first: number;
    readonly last: number;
    readonly d: UpdateTypes[T];
  };
}[UpdateName];

export type IncomingFrame =
  | { readonly kind: 'reply'; readonly reply: ReplyFrame }
  | { readonly kind: 'update'; readonly update: StreamUpdate };

/** A command that the server has refused: `message` is for people, `code` for programs. */
export class Refusal extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(body: RefusalBody) {
    super(body.message);
    this.name = 'Refusal';
    this.code = body.code;
    this.details = body.details ?? {};
  }
}

export function isSnapshot(update: StreamUpdate): boolean {
  return update.t.endsWith('.snapshot');
}

export function parseFrame(text: string): IncomingFrame {
  const frame = JSON.parse(text) as Record<string, unknown>;
  if ('re' in frame) return { kind: 'reply', reply: frame as unknown as ReplyFrame };
  const [first, last] = (frame['n'] as [number, number] | undefined) ?? [0, 0];
  const update = { t: frame['t'], s: frame['s'] ?? null, first, last, d: frame['d'] };
  return { kind: 'update', update: update as StreamUpdate };
}
