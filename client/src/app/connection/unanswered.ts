/** Commands that wait for their reply. They keep their id for ever, so sending one twice does it once. */
import { CommandFrame, Refusal, ReplyFrame } from './frames';

/** The connection went before the reply came, and the command was not worth sending again. */
export class ConnectionLostError extends Error {}

interface Waiting {
  readonly frame: CommandFrame;
  readonly isRepeatable: boolean;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class UnansweredCommands {
  private readonly waiting = new Map<string, Waiting>();

  add(frame: CommandFrame, isRepeatable: boolean): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.set(frame.id, { frame, isRepeatable, resolve, reject });
    });
  }

  settle(reply: ReplyFrame): void {
    const command = this.waiting.get(reply.re);
    if (!command) return;
    this.waiting.delete(reply.re);
    if (reply.err) command.reject(new Refusal(reply.err));
    else command.resolve(reply.ok);
  }

  /** What to send again on a new socket, in the order of the first time. */
  toRepeat(): CommandFrame[] {
    return [...this.waiting.values()].map(({ frame }) => frame);
  }

  /** A walk or a ping belongs to its moment: it dies with its socket. */
  dropMomentary(): void {
    this.drop((command) => !command.isRepeatable);
  }

  dropAll(): void {
    this.drop(() => true);
  }

  private drop(isDropped: (command: Waiting) => boolean): void {
    for (const [id, command] of this.waiting) {
      if (!isDropped(command)) continue;
      this.waiting.delete(id);
      command.reject(new ConnectionLostError());
    }
  }
}
